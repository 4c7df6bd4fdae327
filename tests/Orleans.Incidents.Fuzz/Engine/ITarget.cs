namespace Incidents.Fuzz.Engine;

/// <summary>Something that reads what strangers write, and the laws that it keeps whatever they write.</summary>
internal interface ITarget
{
    /// <summary>Names it in a failure and in a replay.</summary>
    string Name { get; }

    /// <summary>How many inputs it gets beside the others: 1 where an input costs microseconds, less where it costs more.</summary>
    double Share { get; }

    /// <summary>Small examples of our own, to begin with.</summary>
    IReadOnlyList<byte[]> Corpus { get; }

    /// <summary>What means something to the reader, to be put where it does not belong.</summary>
    IReadOnlyList<byte[]> Words { get; }

    /// <summary>A new input by the grammar.</summary>
    byte[] Make(Random random);

    /// <summary>Reads an input and checks the laws.</summary>
    /// <returns>What kind of outcome it was: an input with a new one is kept, and others are made from it.</returns>
    /// <exception cref="Exception">A law is broken.</exception>
    string Run(byte[] input);
}
