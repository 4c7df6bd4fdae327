using System.Text;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Integrations.Intake;
using NodaTime;

namespace Incidents.Testing.Intake;

/// <summary>Translates small bodies for the tests, at one moment.</summary>
internal static class Translate
{
    public static Instant Now { get; } = Instant.FromUtc(2026, 11, 22, 12, 0);

    public static Duration ResolveTimeout { get; } = Duration.FromMinutes(5);

    public static IntakeContext Context(string requestId = "") => new(_ => null, () => [], Now, ResolveTimeout, requestId);

    public static IntakeContext Context(IReadOnlyDictionary<string, string> headers) =>
        new(name => headers.GetValueOrDefault(name), () => headers.Keys, Now, ResolveTimeout);

    public static Translation Body(string format, string body) => Body(format, Encoding.UTF8.GetBytes(body));

    public static Translation Body(string format, ReadOnlyMemory<byte> body) => Translators.Find(format)!.Translate(body, Context());

    public static Alert Single(string format, string body)
    {
        var translation = Body(format, body);
        Assert.Empty(translation.Refused);
        return Assert.Single(translation.Alerts);
    }

    public static Refusal Refused(string format, string body)
    {
        var translation = Body(format, body);
        Assert.Empty(translation.Alerts);
        return Assert.Single(translation.Refused);
    }

    public static void RefusedWhole(Reason reason, string format, string body)
    {
        var refusal = Refused(format, body);
        Assert.Equal((reason, -1), (refusal.Reason, refusal.Index));
    }
}
