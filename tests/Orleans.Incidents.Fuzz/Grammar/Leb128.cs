namespace Incidents.Fuzz.Grammar;

/// <summary>Numbers as receipt blocks hold them.</summary>
internal static class Leb128
{
    public static IEnumerable<byte> Of(long value)
    {
        var rest = (ulong)value;
        for (; rest >= 0x80; rest >>= 7)
            yield return (byte)(rest | 0x80);
        yield return (byte)rest;
    }
}
