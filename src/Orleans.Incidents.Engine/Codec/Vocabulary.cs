using System.Collections.Frozen;
using Incidents.Letters;

namespace Incidents.Engine.Codec;

/// <summary>
/// What a program reads of what is stored, as one number, and since which number a program reads the names that are not of old. While
/// nodes are replaced one by one, a name is written only once every node reads it.
/// </summary>
/// <remarks>
/// To add an event, or a command that is stored: give its name to <see cref="Payloads"/>, raise the number of <see cref="Current"/> by one
/// if the last release has it, and put the name into its table with the number. A field that an older program would misread is a new name.
/// Where the new event would be written and older nodes live, the turn is refused or its message waits; so a rule that people count on goes
/// on writing the old events for one more version, and what a start writes, the catalogue's events, is read one version before it is written.
/// </remarks>
public sealed class Vocabulary
{
    private readonly FrozenDictionary<Type, int> _since;

    internal Vocabulary(int reads, IReadOnlyDictionary<string, int> since)
    {
        if (since.Values.Any(s => s > reads))
            throw new ArgumentException("a program reads all that it has a name for", nameof(since));
        Reads = reads;
        _since = since.ToFrozenDictionary(s => Payloads.Types[s.Key], s => s.Value);
    }

    /// <summary>This program's. The numbers go on from that of the schema, which nodes told before there was one of their own.</summary>
    public static Vocabulary Current { get; } = new(4, new Dictionary<string, int>(StringComparer.Ordinal));

    /// <summary>What it reads: the largest number of the names that it knows.</summary>
    public int Reads { get; }

    /// <summary>Whether every name is of old.</summary>
    public bool IsOld => _since.Count == 0;

    /// <summary>The number that a program must read to understand an event or command; 0: every program does.</summary>
    public int Needs(object payload) => IsOld ? 0 : payload switch
    {
        KeepLetter { Command: { } held } => Math.Max(Since(payload), Needs(held)),
        LetterKept { Command: { } held } => Math.Max(Since(payload), Needs(held)),
        _ => Since(payload),
    };

    private int Since(object payload) => _since.GetValueOrDefault(payload.GetType());
}

/// <summary>What may be written: what this program reads, as far as every node that lives reads it. The journal says it, the engine looks.</summary>
public sealed class Speech(Vocabulary vocabulary)
{
    private volatile int _speaks = vocabulary.Reads;

    public Vocabulary Vocabulary { get; } = vocabulary;

    /// <summary>The largest number that may be written now.</summary>
    public int Speaks
    {
        get => _speaks;
        set => _speaks = Math.Min(Vocabulary.Reads, value);
    }
}
