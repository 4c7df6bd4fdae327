using System.Globalization;

namespace Incidents.Testing;

/// <summary>What the environment asks of a test that can do more than it does by default, or the same again.</summary>
internal static class Setting
{
    /// <summary>A word; <see langword="null"/> where the variable is absent or empty.</summary>
    public static string? Text(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? text : null;

    /// <summary>A whole number; <see langword="null"/> where the variable is absent or empty.</summary>
    public static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
