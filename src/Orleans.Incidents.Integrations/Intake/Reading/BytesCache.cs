using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Incidents.Integrations.Intake.Reading;

/// <summary>
/// Remembers what bytes were decoded to. Bounded in entries and in weight whatever is offered, thread-safe without locks,
/// exact: a hit compares every byte, with the key or with what the value spells. The hash is .NET's string hash, seeded anew in each process, and a slot holds one
/// entry, so chosen collisions cost misses and nothing else. What is offered is kept only from the second time on, so a
/// flood of values that never return neither fills memory nor drives out the ones that do.
/// </summary>
/// <typeparam name="T">An immutable value.</typeparam>
internal sealed class BytesCache<T>
    where T : class
{
    private const int Ways = 4;

    private readonly Entry?[] _slots;
    private readonly int[] _seenOnce;
    private readonly int _maxKeyBytes;
    private readonly long _maxWeight;
    private readonly Func<T, ReadOnlySpan<byte>, bool>? _spells;
    private long _weight;
    private int _hand;

    /// <summary>An empty cache.</summary>
    /// <param name="slots">The most entries; a power of two, at least 4.</param>
    /// <param name="maxKeyBytes">Longer keys are never kept.</param>
    /// <param name="maxWeight">The most that the kept entries' weights add up to, but for what other threads are just adding.</param>
    /// <param name="spells">Whether a value's own spelling is exactly these bytes: such a key is not kept beside its value. Default: none is.</param>
    public BytesCache(int slots, int maxKeyBytes, long maxWeight, Func<T, ReadOnlySpan<byte>, bool>? spells = null)
    {
        _spells = spells;
        _slots = new Entry?[slots];
        _seenOnce = new int[slots];
        _maxKeyBytes = maxKeyBytes;
        _maxWeight = maxWeight;
    }

    /// <summary>The weight of all that is kept.</summary>
    public long Weight => Interlocked.Read(ref _weight);

    /// <summary>Finds what was kept for exactly these bytes. The hash is for <see cref="Offer"/>.</summary>
    public bool TryFind(ReadOnlySpan<byte> key, out int hash, [NotNullWhen(true)] out T? value)
    {
        hash = key.Length > _maxKeyBytes ? 0 : HashOf(key);
        for (var way = 0; way < Ways && key.Length <= _maxKeyBytes; way++)
        {
            var entry = Volatile.Read(ref _slots[SlotOf(hash, way)]);
            if (entry is not null && entry.Hash == hash && (entry.Key is { } kept ? key.SequenceEqual(kept) : _spells!(entry.Value, key)))
            {
                value = entry.Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    /// <summary>Offers the value of a key that was not found.</summary>
    /// <param name="key">The bytes; copied when they are kept.</param>
    /// <param name="hash">As <see cref="TryFind"/> gave it.</param>
    /// <param name="value">What they decode to.</param>
    /// <param name="weight">About how many bytes the value and the key occupy.</param>
    public void Offer(ReadOnlySpan<byte> key, int hash, T value, int weight)
    {
        if (key.Length > _maxKeyBytes || !WasSeen(hash))
            return;
        Put(FreeSlot(hash), new Entry(hash, _spells?.Invoke(value, key) == true ? null : key.ToArray(), value, weight));
        while (Weight > _maxWeight)
            Put(Interlocked.Increment(ref _hand) & (_slots.Length - 1), null);
    }

    // A hash takes a changing place among its ways, so that a few that keep meeting do not push each other out for ever.
    private bool WasSeen(int hash)
    {
        for (var way = 0; way < Ways; way++)
        {
            if (Volatile.Read(ref _seenOnce[SlotOf(hash, way)]) == hash)
                return true;
        }

        Volatile.Write(ref _seenOnce[SlotOf(hash, Interlocked.Increment(ref _hand) & (Ways - 1))], hash);
        return false;
    }

    private int FreeSlot(int hash)
    {
        for (var way = 0; way < Ways; way++)
        {
            if (Volatile.Read(ref _slots[SlotOf(hash, way)]) is null)
                return SlotOf(hash, way);
        }

        return SlotOf(hash, Interlocked.Increment(ref _hand) & (Ways - 1));
    }

    private void Put(int slot, Entry? entry)
    {
        var old = Interlocked.Exchange(ref _slots[slot], entry);
        Interlocked.Add(ref _weight, (entry?.Weight ?? 0) - (old?.Weight ?? 0));
    }

    // The ways of a hash are neighbours, so that a miss costs one or two lines of memory.
    private int SlotOf(int hash, int way) => ((hash & ~(Ways - 1)) | ((hash + way) & (Ways - 1))) & (_slots.Length - 1);

    private static int HashOf(ReadOnlySpan<byte> key)
    {
        var hash = string.GetHashCode(MemoryMarshal.Cast<byte, char>(key), StringComparison.Ordinal);
        return (key.Length & 1) == 0 ? hash : HashCode.Combine(hash, key[^1]);
    }

    private sealed record Entry(int Hash, byte[]? Key, T Value, int Weight);
}
