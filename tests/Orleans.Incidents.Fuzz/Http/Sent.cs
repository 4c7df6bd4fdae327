namespace Incidents.Fuzz.Http;

/// <summary>A request on its way.</summary>
/// <param name="Bytes">What is sent.</param>
/// <param name="Method">Its method.</param>
/// <param name="Template">The route it is meant for, as the description names it; empty: none.</param>
/// <param name="Path">What it asks for, with its query.</param>
/// <param name="IsWhole">Whether the bytes are HTTP as the standard says, so that the server and not its transport answers.</param>
/// <param name="BreaksOff">Whether it ends before it says it does.</param>
internal sealed record Sent(byte[] Bytes, string Method, string Template, string Path, bool IsWhole, bool BreaksOff);

/// <summary>What the server has told so far, to be asked for again.</summary>
internal sealed class Known
{
    private const int Most = 300;

    public List<string> Receipts { get; } = [];

    public List<string> Incidents { get; } = [];

    public void Receipt(string id) => Add(Receipts, id);

    public void Incident(string id) => Add(Incidents, id);

    private static void Add(List<string> to, string id)
    {
        if (to.Count < Most)
            to.Add(id);
    }
}
