using System.Text;
using Incidents.Fuzz.Grammar;
using Incidents.Routing;
using Incidents.Routing.Matchers;
using Incidents.Server.Configuration;
using Incidents.Server.Edge;
using Incidents.Server.Hosting;

namespace Incidents.Fuzz.Targets;

/// <summary>
/// The configuration file: a catalogue, or errors that stand in the file, each one line, none of them a secret. The same file
/// says the same again.
/// </summary>
internal sealed class ConfigTarget : ITarget
{
    private const string Secret = "5ec2e7-5ec2e7-5ec2e7-5ec2e7";
    private const int MaxMessage = 1_000;

    private static readonly SchemaGrammar Schema = new(ConfigExample.Schema);

    private static readonly LoadContext Context = new()
    {
        Formats = [.. Formats.All],
        CompileRoute = node => ConfigFile.Errors(RouteTree.Compile(node, new RouteTreeOptions { Mode = MatcherMode.Fallback })),
        WarnOfRoute = node => ConfigFile.Warnings(RouteTree.Compile(node, new RouteTreeOptions { Mode = MatcherMode.Fallback })),
        Environment = name => name is "TOKEN" or "SECRET" ? Secret : null,
        ReadFile = path => path.EndsWith("secret", StringComparison.Ordinal) ? Secret : throw new FileNotFoundException("not there", path),
    };

    public string Name => "config";

    public double Share => 0.6;

    public IReadOnlyList<byte[]> Corpus { get; } =
    [
        Encoding.UTF8.GetBytes(ConfigExample.Text),
        """
        identities: {olga: {kind: human, token: env:TOKEN, expires: 2099-01-01}}
        responders: &r
          olga: {contacts: [{channel: console}]}
        policies: {p: {steps: [{targets: [olga], timeout: 5m}]}}
        services: {web: {policy: p}}
        integrations: {g: {format: generic-json, token: "file:secret", sponsor: olga, expires: 2099-01-01}}
        route: {receiver: web, group_by: [alertname], routes: [{matchers: ['a="b"'], group_wait: 5s, continue: true}, {match_re: {a: 'x|y'}}]}
        """u8.ToArray(),
    ];

    public IReadOnlyList<byte[]> Words { get; } =
    [
        .. Schema.Keys.Select(k => Encoding.UTF8.GetBytes(k + ":")),
        .. new[] { ": ", "- ", "\n", "\n  ", "[", "]", "{", "}", ",", "&a ", "*a", "<<: *a", "!!str ", "!x ", "|", ">", "'", "\"", "#", "---\n", "...\n", "%YAML 1.1\n", "\t", "? ", "@", "`", "\\x00", "\u0085", "env:TOKEN", "a=~\"(\"" }.Select(Encoding.UTF8.GetBytes),
    ];

    public byte[] Make(Random random) => Encoding.UTF8.GetBytes(Schema.Write(random));

    public string Run(byte[] input)
    {
        var read = Load(input);
        var errors = read.Errors.Select(e => e.ToString()).ToList();
        Law.Holds(read.Succeeded == (errors.Count == 0), "a catalogue or errors, not both");
        Law.Equal(string.Join('\n', errors), string.Join('\n', Load(input).Errors), "the same file says the same");
        var lines = Encoding.UTF8.GetString(input).Count(c => c is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029') + 1;
        foreach (var error in read.Errors.Concat(read.Warnings))
        {
            Law.Holds(error.Line >= 1 && error.Line <= lines + 1 && error.Column >= 1, $"an error stands in the file, which has {lines} lines: {error}");
            Law.IsLine(error.Message, MaxMessage, "a message");
            Law.Holds(!error.ToString().Contains(Secret, StringComparison.Ordinal), $"no secret is told: {error}");
        }

        return string.Join(';', read.Errors.Concat(read.Warnings).Select(e => Law.Kind(e.Message)).Distinct(StringComparer.Ordinal).Take(2));
    }

    private static LoadResult Load(byte[] input) => ConfigLoader.Load("incidents.yaml", input, "/etc/incidents", Context);
}
