using Incidents.Routing;
using Incidents.Routing.Matchers;
using Incidents.Server.Configuration;
using Incidents.Server.Configuration.Reading;
using Incidents.Server.Configuration.Yaml;
using Incidents.Server.Hosting;

namespace Incidents.Server.Preview;

/// <summary>
/// Reads the routing tree of an alertmanager.yml: <c>route</c>, the names of <c>receivers</c> and the time intervals; nothing
/// else of it is looked at. A file that is nothing but a route is taken too, and then receivers are not checked.
/// </summary>
internal static class AlertmanagerRoutes
{
    private static readonly string[] Ours = [.. Shapes.Root.Keys.Where(k => k is not ("route" or "time_intervals" or "mute_time_intervals"))];

    /// <summary>Whether a file is Alertmanager's rather than ours: it has none of the sections that only ours has.</summary>
    public static bool Is(Value root) => root.Node is MapNode map && !map.Entries.Any(e => Ours.Contains(e.Key));

    /// <summary>The tree, with Alertmanager's own defaults; <see langword="null"/> after an error.</summary>
    public static (RouteNode Node, RouteTree Tree)? Read(Value root, MatcherMode mode, ErrorList warnings)
    {
        var fields = root.Entries().ToDictionary(e => e.Name, e => e.Value);
        if (fields.GetValueOrDefault("route") is not { } route)
        {
            if (!fields.Keys.Any(Shapes.Route.Knows))
            {
                root.Errors.Add(root.KeyAt, "", "no route provided in config");
                return null;
            }

            (route, fields) = (root with { Path = "route" }, []);
        }

        var options = new RouteTreeOptions
        {
            Defaults = RouteDefaults.Alertmanager, Mode = mode,
            Receivers = fields.TryGetValue("receivers", out var receivers) ? Names(receivers, "receiver") : null,
            TimeIntervals = fields.Count == 0 ? null : IntervalReader.ReadAll(fields.GetValueOrDefault("mute_time_intervals"), fields.GetValueOrDefault("time_intervals")),
        };
        RouteCompilation? compiled = null;
        var node = new RouteReader(Shapes.Route, r => r.Text(mayBeEmpty: true), i => i.Text()).Read(route, n => ConfigFile.Errors(compiled = RouteTree.Compile(n, options)));
        RouteReader.Warn(route, compiled is null ? [] : ConfigFile.Warnings(compiled), warnings);
        return root.Errors.IsEmpty && compiled?.Tree is { } tree ? (node, tree) : null;
    }

    private static HashSet<string> Names(Value section, string what)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in section.Items())
        {
            if (item.Entries().FirstOrDefault(e => e.Name == "name").Value is not { } name)
                item.Errors.Add(item.KeyAt, item.Path, $"missing name in {what}");
            else if (name.Text() is { } text && !names.Add(text))
                name.Error($"{what} name \"{text}\" is not unique");
        }

        return names;
    }
}
