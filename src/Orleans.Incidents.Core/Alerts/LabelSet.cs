using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Incidents.Alerts;

/// <summary>
/// An immutable set of label names and values, sorted by name in code-point order, with Prometheus' fingerprint.
/// A label with an empty value is the same as an absent one and is dropped (Prometheus' data model).
/// Two sets are equal when they hold the same pairs. Thread-safe.
/// </summary>
public sealed class LabelSet : IReadOnlyList<KeyValuePair<string, string>>, IEquatable<LabelSet>
{
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    private readonly KeyValuePair<string, string>[] _pairs;
    private readonly ulong _fingerprint;
    private string? _fingerprintText;

    /// <summary>The set with no labels.</summary>
    public static LabelSet Empty { get; } = new([]);

    private LabelSet(KeyValuePair<string, string>[] sorted)
    {
        _pairs = sorted;
        _fingerprint = ComputeFingerprint(sorted);
    }

    /// <summary>Builds a set. Of a name that occurs twice the last value wins, as in JSON; empty values are dropped.</summary>
    public static LabelSet Of(IEnumerable<KeyValuePair<string, string>> pairs) => FromOwned([.. pairs]);

    /// <summary>
    /// Builds a set from a copy of the pairs, without sorting when their names already ascend. Of a name that occurs
    /// twice the last value wins, as in JSON; empty values are dropped.
    /// </summary>
    public static LabelSet Of(ReadOnlySpan<KeyValuePair<string, string>> pairs) => FromOwned(pairs.ToArray());

    /// <summary>Builds a set from name and value in turn: <c>Of("alertname", "HostDown")</c>.</summary>
    /// <exception cref="ArgumentException">An odd number of texts.</exception>
    public static LabelSet Of(params string[] namesAndValues)
    {
        if (namesAndValues.Length % 2 != 0)
            throw new ArgumentException("names and values come in pairs", nameof(namesAndValues));
        return FromOwned([.. namesAndValues.Chunk(2).Select(p => KeyValuePair.Create(p[0], p[1]))]);
    }

    /// <summary>The number of labels.</summary>
    public int Count => _pairs.Length;

    /// <summary>The label at a place in code-point order of names.</summary>
    public KeyValuePair<string, string> this[int index] => _pairs[index];

    /// <summary>The value of a label; the empty string when it is absent (a missing label equals an empty one).</summary>
    public string this[string name] => TryGet(name, out var value) ? value : "";

    /// <summary>
    /// FNV-1a 64 over the sorted names and values, each followed by the byte 255: the fingerprint of Prometheus'
    /// <c>model.LabelSet</c>.
    /// </summary>
    public ulong Fingerprint => _fingerprint;

    /// <summary>The fingerprint as Alertmanager writes it: 16 lower-case hexadecimal digits. The same text object each time.</summary>
    public string FingerprintText => _fingerprintText ??= _fingerprint.ToString("x16");

    /// <summary>Finds a label by its exact name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out string? value)
    {
        int low = 0, high = _pairs.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = LabelOrder.Compare(_pairs[middle].Key, name);
            if (order == 0)
            {
                value = _pairs[middle].Value;
                return true;
            }

            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }

        value = null;
        return false;
    }

    /// <summary>This set with another's labels laid over it.</summary>
    public LabelSet With(LabelSet over) => over.Count == 0 ? this : Count == 0 ? over : FromOwned([.. _pairs, .. over._pairs]);

    /// <summary>The labels of this set whose names are listed; absent ones stay absent.</summary>
    public LabelSet Only(IReadOnlyCollection<string> names)
    {
        // A part of a sorted set is sorted.
        var kept = _pairs.Where(p => names.Contains(p.Key)).ToArray();
        return kept.Length == 0 ? Empty : kept.Length == Count ? this : new LabelSet(kept);
    }

    /// <inheritdoc/>
    public bool Equals(LabelSet? other) =>
        other is not null && (ReferenceEquals(this, other) || (_fingerprint == other._fingerprint && HoldsSame(other._pairs)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LabelSet);

    /// <inheritdoc/>
    public override int GetHashCode() => _fingerprint.GetHashCode();

    /// <summary>The set as Prometheus writes it: <c>{a="1", b="2"}</c>.</summary>
    public override string ToString() => "{" + string.Join(", ", _pairs.Select(p => $"{p.Key}=\"{p.Value}\"")) + "}";

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _pairs.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // Pairs have no equality of their own but the one by reflection, and every alert that is sent again asks.
    private bool HoldsSame(KeyValuePair<string, string>[] pairs)
    {
        if (pairs.Length != _pairs.Length)
            return false;
        for (var i = 0; i < pairs.Length; i++)
        {
            if (pairs[i].Key != _pairs[i].Key || pairs[i].Value != _pairs[i].Value)
                return false;
        }

        return true;
    }

    private static LabelSet FromOwned(KeyValuePair<string, string>[] pairs)
    {
        if (!LabelOrder.IsStrictlyAscending(pairs))
            pairs = LabelOrder.SortLastWins(pairs);
        if (Array.Exists(pairs, p => p.Value.Length == 0))
            pairs = Array.FindAll(pairs, p => p.Value.Length > 0);
        return pairs.Length == 0 ? Empty : new LabelSet(pairs);
    }

    private static ulong ComputeFingerprint(KeyValuePair<string, string>[] sorted)
    {
        var hash = FnvOffset;
        Span<byte> buffer = stackalloc byte[512];
        foreach (var (name, value) in sorted)
        {
            hash = Mix(Mix(hash, name, buffer), value, buffer);
        }

        return hash;
    }

    private static ulong Mix(ulong hash, string text, Span<byte> buffer)
    {
        var bytes = Encoding.UTF8.GetMaxByteCount(text.Length) <= buffer.Length
            ? buffer[..Encoding.UTF8.GetBytes(text, buffer)]
            : Encoding.UTF8.GetBytes(text);
        foreach (var b in bytes)
            hash = unchecked((hash ^ b) * FnvPrime);
        return unchecked((hash ^ 255) * FnvPrime);
    }
}
