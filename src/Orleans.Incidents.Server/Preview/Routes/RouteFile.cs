using Incidents.Routing;
using Incidents.Routing.Matchers;
using Incidents.Server.Configuration;
using Incidents.Server.Configuration.Yaml;
using Incidents.Server.Edge;
using Incidents.Server.Hosting;
using NodaTime;

namespace Incidents.Server.Preview;

/// <summary>The routing tree of a file, ours or Alertmanager's.</summary>
internal sealed record RouteFile(RouteNode Root, RouteTree Tree, bool IsAlertmanagers)
{
    /// <summary>What the routes say at a time.</summary>
    public RouteView View(Instant now) => new(Tree, Root, now, IsAlertmanagers);

    /// <summary>Reads a file. Secrets that it names need not be there.</summary>
    /// <param name="alertmanager">Whether it is Alertmanager's for certain; otherwise its keys say it.</param>
    /// <exception cref="ConfigRefusedException">It has errors; the message has all of them, a line each.</exception>
    public static RouteFile Load(string path, MatcherMode mode, bool alertmanager, TextWriter warnings)
    {
        var (bytes, problem) = ConfigLoader.Open(path);
        if (bytes is null)
            throw new ConfigRefusedException($"{(path.Length > 0 ? path : "''")}: {problem}");
        var (errors, doubts) = (new ErrorList(path), new ErrorList(path));
        var root = ConfigLoader.Parse(bytes, errors);
        if (root is null || alertmanager || AlertmanagerRoutes.Is(root))
            return Alertmanagers(root, mode, errors, doubts, warnings);
        var catalogue = ConfigFile.Load(path, bytes, mode, warnings);
        return catalogue.Route is { } route
            ? new RouteFile(route, new Registry(catalogue, mode).Routes!, false)
            : throw new ConfigRefusedException($"{path}: declares no route");
    }

    private static RouteFile Alertmanagers(Value? root, MatcherMode mode, ErrorList errors, ErrorList doubts, TextWriter warnings)
    {
        var read = root is null ? null : AlertmanagerRoutes.Read(root, mode, doubts);
        foreach (var doubt in doubts.InOrder())
            warnings.WriteLine($"warning: {doubt}");
        return read is var (node, tree) ? new RouteFile(node, tree, true) : throw new ConfigRefusedException(string.Join(Environment.NewLine, errors.InOrder()));
    }
}
