using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Incidents.Cluster.Tests.Proving;

/// <summary>PROOF.json: which scenarios these sources have passed on real silos, and how long fail-over took.</summary>
/// <param name="Orleans">The version of Orleans.</param>
/// <param name="Date">The day, as year-month-day.</param>
/// <param name="Sources">The hash over what was proved.</param>
/// <param name="Scenarios">The names of the tests that passed, in order.</param>
/// <param name="Milliseconds">Times by what was measured.</param>
internal sealed record Proof(string Orleans, string Date, string Sources, IReadOnlyList<string> Scenarios, IReadOnlyDictionary<string, long> Milliseconds)
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { WriteIndented = true, NewLine = "\n" };

    /// <summary>The checkout.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Here(), "..", "..", ".."));

    private static string File => Path.Combine(Root, "tests/Orleans.Incidents.Cluster.Tests/PROOF.json");

    public static Proof Read() => JsonSerializer.Deserialize<Proof>(System.IO.File.ReadAllText(File), Form)!;

    public void Write() => System.IO.File.WriteAllText(File, JsonSerializer.Serialize(this, Form) + "\n");

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
