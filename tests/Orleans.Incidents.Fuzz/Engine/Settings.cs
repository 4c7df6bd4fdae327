using System.Globalization;

namespace Incidents.Fuzz.Engine;

/// <summary>What a run is told by environment variables.</summary>
internal static class Settings
{
    /// <summary>The inputs of all pure targets together. Default: a bounded share of the suite's time.</summary>
    public const string InputsVariable = "INCIDENTS_FUZZ_INPUTS";

    /// <summary>The requests to the running server. Default: a bounded share of the suite's time.</summary>
    public const string RequestsVariable = "INCIDENTS_FUZZ_REQUESTS";

    /// <summary>Where the random numbers begin. Default: the same in every run.</summary>
    public const string SeedVariable = "INCIDENTS_FUZZ_SEED";

    /// <summary>A target's name, a colon, and the base64 of the one input to run.</summary>
    public const string ReplayVariable = "INCIDENTS_FUZZ_REPLAY";

    public static int Inputs { get; } = Number(InputsVariable, 25_000);

    public static int Requests { get; } = Number(RequestsVariable, 1_000);

    public static int Seed { get; } = Number(SeedVariable, 20_261_128);

    public static string? Replay { get; } = Environment.GetEnvironmentVariable(ReplayVariable) is { Length: > 0 } text ? text : null;

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
