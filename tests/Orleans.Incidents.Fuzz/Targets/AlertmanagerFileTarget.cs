using System.Text;
using Incidents.Alerts;
using Incidents.Fuzz.Grammar;
using Incidents.Routing.Matchers;
using Incidents.Server.Configuration;
using Incidents.Server.Configuration.Yaml;
using Incidents.Server.Preview;

namespace Incidents.Fuzz.Targets;

/// <summary>The routing tree of an alertmanager.yml, in each of the matchers' modes: a tree that can be asked, or errors.</summary>
internal sealed class AlertmanagerFileTarget : ITarget
{
    private const int MaxMessage = 1_000;

    private static readonly SchemaGrammar Schema = new(ConfigExample.Schema);

    public string Name => "alertmanager-file";

    public double Share => 0.5;

    public IReadOnlyList<byte[]> Corpus { get; } =
    [
        """
        global: {resolve_timeout: 5m}
        route:
          receiver: a
          group_by: ['...']
          routes:
          - match: {x: y}
            match_re: {z: "a|b"}
            continue: true
          - receiver: b
            matchers: [ severity = "critical", "job=~x.*" ]
            mute_time_intervals: [night]
            routes: [{receiver: a, group_wait: 1s}]
        receivers: [{name: a}, {name: b, webhook_configs: [{url: http://h/}]}]
        time_intervals: [{name: night, time_intervals: []}]
        """u8.ToArray(),
        "receiver: a\nmatchers: a=b,c!=\"d\"\n"u8.ToArray(),
    ];

    public IReadOnlyList<byte[]> Words { get; } =
        [.. new[] { "receiver: ", "routes:\n", "match:", "match_re:", "matchers: ", "group_by: [a]", "continue: true", "receivers:", "- name: ", "'...'", "=~\"(\"", "- ", "\n  ", "mute_time_intervals: [x]", "{", "}", "[", "]", "group_interval: 1m" }.Select(Encoding.UTF8.GetBytes)];

    public byte[] Make(Random random)
    {
        var text = Schema.Write(random);
        var route = text.IndexOf("\nroute:", StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes((route < 0 ? "route: {receiver: a}\n" : text[(route + 1)..]) + random.Pick("", "receivers: [{name: a}, {name: web}]\n", "receivers: [{name: a}, {name: a}]\n", "receivers: a\n"));
    }

    public string Run(byte[] input)
    {
        var kind = new StringBuilder();
        foreach (var mode in Enum.GetValues<MatcherMode>())
        {
            var (errors, warnings) = (new ErrorList("alertmanager.yml"), new ErrorList("alertmanager.yml"));
            var read = ConfigLoader.Parse(input, errors) is { } root ? AlertmanagerRoutes.Read(root, mode, warnings) : null;
            Law.Holds(read is null == !errors.IsEmpty, "a tree or errors, not both");
            foreach (var error in errors.InOrder().Concat(warnings.InOrder()))
            {
                Law.Holds(error is { Line: >= 1, Column: >= 1 }, $"an error stands in the file: {error}");
                Law.IsLine(error.Message, MaxMessage, "a message");
            }

            if (read is var (node, tree))
                Law.Holds(new RouteView(tree, node, default, true).Explain(LabelSet.Of("x", "y", "job", "xa")).Any(e => e.Matches), "every alert goes somewhere");
            kind.Append(read is null ? Law.Kind(errors.InOrder().First().Message) : $"{Math.Min(read.Value.Tree.All.Length, 5)}").Append(';');
        }

        return kind.ToString();
    }
}
