using System.CommandLine;
using System.Text.Json;
using Incidents.Alerts;
using Incidents.Engine;
using Incidents.Routing.Matchers;
using Incidents.Server.Hosting;
using JsonOptions = Incidents.Server.Api.Json;
using Route = Incidents.Routing.Route;

namespace Incidents.Server.Preview;

/// <summary><c>routes test</c> and <c>routes show</c>: where a label set goes in a file, ours or Alertmanager's, and why.</summary>
internal static class RoutesCommand
{
    public static Command Make(TextWriter output, TextWriter errors) => new("routes", "The routing tree of a configuration file or of an alertmanager.yml")
    {
        Subcommands = { Test(output, errors), Show(output, errors) },
    };

    private static Command Test(TextWriter output, TextWriter errors)
    {
        var file = new FileOptions();
        var labels = new Argument<string[]>("LABEL=VALUE") { Description = "the alert's labels", Arity = ArgumentArity.ZeroOrMore };
        var verify = new Option<string?>("--verify.receivers") { Description = "receivers in order, separated by commas; the command fails unless the alert goes exactly there" };
        var json = SharedOptions.Json();
        var command = file.AddTo(new Command("test", "Where an alert with these labels goes, and why. The first line is amtool's"));
        command.Arguments.Add(labels);
        command.Options.Add(verify);
        command.Options.Add(json);
        command.SetAction(parse => CommandLine.Refusing(errors, () =>
        {
            var (routes, mode) = file.Load(parse, errors);
            var set = LabelArguments.Read(parse.GetValue(labels)!, mode);
            var entries = routes.View(Time.Now(TimeProvider.System)).Explain(set).ToList();
            var receivers = entries.Where(e => e.Matches).Select(e => e.Receiver).ToList();
            if (parse.GetValue(json))
                output.WriteLine(JsonSerializer.Serialize(new { receivers, labels = set, routes = entries }, JsonOptions.Options));
            else
                Write(output, routes.IsAlertmanagers, set, entries, receivers);
            return Task.FromResult(Verify(parse.GetValue(verify), receivers, errors));
        }));
        return command;
    }

    private static Command Show(TextWriter output, TextWriter errors)
    {
        var file = new FileOptions();
        var command = file.AddTo(new Command("show", "Every route, in the order of trying"));
        command.SetAction(parse => CommandLine.Refusing(errors, () =>
        {
            var (routes, _) = file.Load(parse, errors);
            foreach (var route in routes.Tree.All)
                output.WriteLine($"{new string(' ', 2 * route.Depth)}{RouteOrigins.Name(route)}  →  {Spoken.OneLine(route.Options.Receiver)}{Remarks(route)}");
            return Task.FromResult(0);
        }));
        return command;
    }

    private static string Remarks(Route route)
    {
        var by = route.Options.GroupByAll ? "every label" : route.Options.GroupBy.IsEmpty ? "nothing" : string.Join(", ", route.Options.GroupBy.Select(Spoken.OneLine));
        return $"  (grouped by {by}{(route.Continue ? "; continues" : "")})";
    }

    private static void Write(TextWriter output, bool isAlertmanagers, LabelSet labels, List<RouteEntry> entries, List<string> receivers)
    {
        output.WriteLine(string.Join(',', receivers.Select(Spoken.OneLine)));
        output.WriteLine();
        output.WriteLine(labels.Count == 0 ? "An alert without labels" : $"An alert with {Spoken.Of(labels)}");
        var text = new RouteText(output, "  ", !isAlertmanagers);
        foreach (var entry in entries.Where(e => e.Matches))
        {
            output.WriteLine($"goes to {Spoken.OneLine(entry.Receiver)}");
            text.Taken(entry);
        }

        if (!entries.Exists(e => !e.Matches))
            return;
        output.WriteLine("and nowhere else");
        text.Passed(entries);
    }

    private static int Verify(string? expected, List<string> receivers, TextWriter errors)
    {
        if (expected is null || expected == string.Join(',', receivers))
            return 0;
        errors.WriteLine($"expected receivers {Spoken.OneLine(expected)}, found {Spoken.OneLine(string.Join(',', receivers))}");
        return 1;
    }

    /// <summary>The options that name a file and how to read it.</summary>
    private sealed class FileOptions
    {
        private readonly Option<string> _path = new("--config", "--config.file") { Description = "our configuration file, or an alertmanager.yml", Required = true };
        private readonly Option<bool> _alertmanager = new("--alertmanager") { Description = "it is an alertmanager.yml, whatever its keys look like" };
        private readonly Option<MatcherMode> _matchers = SharedOptions.Matchers();

        public Command AddTo(Command command)
        {
            command.Options.Add(_path);
            command.Options.Add(_alertmanager);
            command.Options.Add(_matchers);
            return command;
        }

        public (RouteFile Routes, MatcherMode Mode) Load(ParseResult parse, TextWriter warnings)
        {
            var mode = parse.GetValue(_matchers);
            return (RouteFile.Load(parse.GetValue(_path)!, mode, parse.GetValue(_alertmanager), warnings), mode);
        }
    }
}
