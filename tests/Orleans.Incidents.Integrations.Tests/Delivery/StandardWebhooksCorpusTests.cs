using System.Text.Json;
using Incidents.Integrations.Delivery.Webhook;
using Incidents.Testing;
using NodaTime;

namespace Incidents.Integrations.Tests.Delivery;

/// <summary>Every signature case of the shared corpus.</summary>
public class StandardWebhooksCorpusTests
{
    private const string Format = "standard-webhooks";

    [Fact]
    public void Verify_EveryCaseOfTheCorpus_AgreesWithItsExpectation()
    {
        using var index = JsonDocument.Parse(File.ReadAllBytes(SharedFolder.Path("corpus", "index.json")));
        var cases = index.RootElement.EnumerateArray().Where(e => e.GetProperty("format").GetString() == Format).ToList();

        Assert.NotEmpty(cases);
        Assert.All(cases, entry => Assert.Equal(Expected(entry, out var verify), Verify(entry, verify)));
    }

    private static bool Expected(JsonElement entry, out JsonElement verify)
    {
        using var expect = JsonDocument.Parse(Bytes(entry.GetProperty("expect").GetString()!));
        verify = expect.RootElement.GetProperty("verify").Clone();
        Assert.Equal(StandardWebhooks.Tolerance.TotalSeconds, verify.GetProperty("toleranceSeconds").GetDouble());
        return verify.GetProperty("valid").GetBoolean();
    }

    private static bool Verify(JsonElement entry, JsonElement verify)
    {
        WebhookSecret[] secrets = WebhookSecret.TryParse(verify.GetProperty("secret").GetString()!, out var secret, out _) ? [secret] : [];
        var headers = entry.GetProperty("headers");
        string? Header(string name) => headers.TryGetProperty(name, out var value) ? value.GetString() : null;
        return StandardWebhooks.Verify(
            secrets,
            Header(StandardWebhooks.IdHeader),
            Header(StandardWebhooks.TimestampHeader),
            Header(StandardWebhooks.SignatureHeader),
            Bytes(entry.GetProperty("file").GetString()!),
            Instant.FromUnixTimeSeconds(verify.GetProperty("now").GetInt64())) == WebhookVerification.Valid;
    }

    private static byte[] Bytes(string file) => File.ReadAllBytes(SharedFolder.Path("corpus", file));
}
