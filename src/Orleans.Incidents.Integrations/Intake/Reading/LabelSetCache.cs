using System.Text;
using Incidents.Alerts;

namespace Incidents.Integrations.Intake.Reading;

/// <summary>
/// From the bytes of a JSON object of strings to its label set, for the whole process: an alert that is sent again costs
/// no decoding, and its labels are the same object as before.
/// </summary>
internal static class LabelSetCache
{
    private const int Slots = 1 << 16;
    private const int MaxKeyBytes = 4096;
    private const long MaxWeight = 64L * 1024 * 1024;

    // Objects' own size, pointers and lengths: about what .NET adds to a set, and to each pair with its two texts.
    private const int SetOverhead = 160;
    private const int PairOverhead = 64;

    private static readonly BytesCache<LabelSet> Cache = new(Slots, MaxKeyBytes, MaxWeight, IsSpelled);

    /// <summary>Finds the set of these bytes.</summary>
    public static LabelSet? Find(ReadOnlySpan<byte> json, out int hash) => Cache.TryFind(json, out hash, out var set) ? set : null;

    /// <summary>Offers a set that was read from these bytes without any problem.</summary>
    public static void Offer(ReadOnlySpan<byte> json, int hash, LabelSet set)
    {
        var weight = json.Length + SetOverhead;
        for (var i = 0; i < set.Count; i++)
            weight += PairOverhead + (2 * (set[i].Key.Length + set[i].Value.Length));
        Cache.Offer(json, hash, set, weight);
    }

    // As Go's and most other writers do it: in order of names, without a blank, nothing escaped. A set of other bytes is kept with them.
    private static bool IsSpelled(LabelSet set, ReadOnlySpan<byte> json)
    {
        for (var i = 0; i < set.Count; i++)
        {
            if (!Take(ref json, i == 0 ? "{\"" : ",\"") || !Take(ref json, set[i].Key) || !Take(ref json, "\":\"") || !Take(ref json, set[i].Value) || !Take(ref json, "\""))
                return false;
        }

        return json is [(byte)'}'] && set.Count > 0;
    }

    private static bool Take(ref ReadOnlySpan<byte> json, string text)
    {
        if (json.Length < text.Length || !Ascii.Equals(json[..text.Length], text))
            return false;
        json = json[text.Length..];
        return true;
    }
}
