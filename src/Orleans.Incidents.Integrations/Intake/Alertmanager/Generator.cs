using Incidents.Alerts;
using Incidents.Integrations.Intake.Reading;

namespace Incidents.Integrations.Intake.Alertmanager;

/// <summary>An alert's <c>generatorURL</c>, remembered because a rule's alerts all carry the same one.</summary>
/// <param name="Text">As sent; may be empty.</param>
/// <param name="IsUri">Whether Alertmanager's schema check lets it pass. An empty one passes.</param>
/// <param name="Link">The link to it; <see langword="null"/> when it is not one to click on.</param>
internal sealed record Generator(string Text, bool IsUri, Link? Link)
{
    private const int Slots = 1 << 13;
    private const int MaxKeyBytes = 4096;
    private const long MaxWeight = 8L * 1024 * 1024;
    private const int Overhead = 256;

    private static readonly BytesCache<Generator> Cache = new(Slots, MaxKeyBytes, MaxWeight);

    /// <summary>Reads it from what stands between the quotes of the JSON string.</summary>
    public static Generator Read(ReadOnlySpan<byte> json)
    {
        if (Cache.TryFind(json, out var hash, out var known))
            return known;
        var text = JsonText.Decode(json);
        var generator = new Generator(text, text.Length == 0 || GoRequestUri.IsValid(text), WebLinks.Read(text, "source"));
        Cache.Offer(json, hash, generator, Overhead + (5 * json.Length));
        return generator;
    }
}
