using System.CommandLine;
using Incidents.Routing.Matchers;
using Incidents.Server.Configuration;

namespace Incidents.Server.Preview;

/// <summary>Options that several commands have.</summary>
internal static class SharedOptions
{
    /// <summary>How matchers are read; where it is not given, the environment may say it as it does for the server.</summary>
    public static Option<MatcherMode> Matchers() => new(ServerOption.Matchers.CommandLine)
    {
        Description = $"{ServerOption.Matchers.Help} (default {ServerOption.Matchers.Default}; {ServerOption.Matchers.Environment})",
        DefaultValueFactory = result => Read(Environment.GetEnvironmentVariable(ServerOption.Matchers.Environment) is { Length: > 0 } set ? set : ServerOption.Matchers.Default, ServerOption.Matchers.Environment, result.AddError),
        CustomParser = result => Read(result.Tokens[0].Value, ServerOption.Matchers.CommandLine, result.AddError),
    };

    /// <summary>Whether to answer in JSON.</summary>
    public static Option<bool> Json() => new("--json") { Description = "answer in JSON" };

    private static MatcherMode Read(string text, string source, Action<string> refuse)
    {
        if (ServerOptionsReader.Mode(text) is { } mode)
            return mode;
        refuse($"{source}: expected fallback, classic or utf8-strict, found \"{text}\"");
        return default;
    }
}
