using Incidents.Routing;
using Incidents.Routing.Matchers;
using Incidents.Server.Configuration;
using Incidents.Server.Edge;
using Incidents.Services;

namespace Incidents.Server.Hosting;

/// <summary>The configuration file has errors.</summary>
internal sealed class ConfigRefusedException(string message) : Exception(message);

/// <summary>Loads a configuration file with everything that it is checked against.</summary>
internal static class ConfigFile
{
    /// <summary>The catalogue that a file declares; what it should write differently goes to <paramref name="warnings"/>, a line each.</summary>
    /// <param name="followsSecrets">Whether secrets must be there; who only looks at routes need not hold them.</param>
    /// <exception cref="ConfigRefusedException">It has errors; the message has all of them, a line each.</exception>
    public static Catalogue Load(string path, MatcherMode matchers, TextWriter warnings, bool followsSecrets = true) =>
        Complete(ConfigLoader.Load(path, Context(matchers, followsSecrets)), warnings);

    /// <summary>The same for a file that has been read; without its secrets.</summary>
    public static Catalogue Load(string path, byte[] utf8, MatcherMode matchers, TextWriter warnings) =>
        Complete(ConfigLoader.Load(path, utf8, Path.GetDirectoryName(Path.GetFullPath(path))!, Context(matchers, followsSecrets: false)), warnings);

    private static LoadContext Context(MatcherMode matchers, bool followsSecrets) => new()
    {
        Formats = [.. Formats.All],
        CompileRoute = node => Errors(Compile(node, matchers)),
        WarnOfRoute = node => Warnings(Compile(node, matchers)),
        FollowsSecrets = followsSecrets,
    };

    private static Catalogue Complete(LoadResult result, TextWriter warnings)
    {
        foreach (var warning in result.Warnings)
            warnings.WriteLine($"warning: {warning}");
        return result.Catalogue is { } catalogue
            ? Receivers.Complete(catalogue)
            : throw new ConfigRefusedException(string.Join(Environment.NewLine, result.Errors));
    }

    /// <summary>What a compilation refuses, with its places as the loader wants them.</summary>
    public static IReadOnlyList<(string Path, string Message)> Errors(RouteCompilation compiled) =>
        [.. compiled.Errors.Select(e => (string.Concat(e.Path).TrimStart('.'), e.Message))];

    /// <summary>What a compilation warns of, with its places as the loader wants them.</summary>
    public static IReadOnlyList<(string Path, string Message)> Warnings(RouteCompilation compiled) =>
        [.. compiled.Warnings.Select(w => (string.Concat(w.Path).TrimStart('.'), w.Warning.ToString()))];

    private static RouteCompilation Compile(RouteNode node, MatcherMode matchers) => RouteTree.Compile(node, new RouteTreeOptions { Mode = matchers });
}
