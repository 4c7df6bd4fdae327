using System.CommandLine;
using System.Text.Json;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Heartbeats;
using Incidents.Identities;
using Incidents.Integrations.Intake;
using Incidents.Server.Edge;
using Incidents.Server.Hosting;
using Incidents.Services;
using NodaTime;
using JsonOptions = Incidents.Server.Api.Json;

namespace Incidents.Server.Preview;

/// <summary><c>preview</c>: what a body would do, without a server: as if nothing had happened yet.</summary>
internal static class PreviewCommand
{
    private static readonly Caller Somebody = new("you", IdentityKind.Human);

    public static Command Make(TextWriter output, TextWriter errors)
    {
        var format = new Option<string>("--format") { Description = $"how the body is read: {string.Join(", ", Formats.All)}", Required = true };
        var headers = new Option<string?>("--headers") { Description = "a file of the request's headers: a line 'Name: value' each, or a JSON object" };
        var config = new Option<string?>("--config") { Description = "the configuration file; without one, what a first start makes" };
        var integration = new Option<string?>("--integration") { Description = "the integration that it would be sent to; without one, the first of the format" };
        var json = SharedOptions.Json();
        var matchers = SharedOptions.Matchers();
        var file = new Argument<string>("FILE") { Description = "the body; - is the standard input" };
        var command = new Command("preview", "What a request would do: what is understood, where it goes and why, what would be decided") { format, headers, config, integration, matchers, json, file };
        command.SetAction(parse => CommandLine.Refusing(errors, async () =>
        {
            var name = parse.GetValue(format)!;
            if (!Formats.All.Contains(name))
                throw new ConfigRefusedException($"there is no format called '{name}'; there are {string.Join(", ", Formats.All)}");
            var now = Time.Now(TimeProvider.System);
            var path = parse.GetValue(config);
            var catalogue = path is null ? StarterCatalogue(now) : ConfigFile.Load(path, parse.GetValue(matchers), errors, followsSecrets: false);
            var notes = new List<string> { "there is no server: nothing is open and no budget is spent" };
            var target = Target(catalogue, path, name, parse.GetValue(integration), notes);
            if (name == HeartbeatRule.Format && BeatPreview.NotHeard(target) is { } why)
                throw new ConfigRefusedException(why);
            var header = parse.GetValue(headers) is { } given ? HeaderFile.Load(given) : [];
            var body = InputFile.Read(parse.GetValue(file)!, IntakeLimits.MaxBodyBytes);
            var answer = await new Previewer(new Registry(catalogue, parse.GetValue(matchers)), new EmptyStates(catalogue), now)
                .PreviewAsync(new PreviewRequest(name, body, header, target, Somebody, notes));
            if (parse.GetValue(json))
                await output.WriteLineAsync(JsonSerializer.Serialize(answer, JsonOptions.Options));
            else
                new PreviewText(output).Write(answer);
            return answer.Alerts.Count > 0 ? 0 : 1;
        }));
        return command;
    }

    private static Catalogue StarterCatalogue(Instant now) => Starter.Make(Starter.AdminIdentity(Starter.NewToken(), now), now).Catalogue;

    private static IntegrationDefinition? Target(Catalogue catalogue, string? path, string format, string? named, List<string> notes)
    {
        if (path is null)
            notes.Add("there is no configuration file: the catalogue is what a first start makes");
        if (named is not null)
        {
            return catalogue.Integrations.TryGetValue(named, out var known) ? known
                : throw new ConfigRefusedException($"there is no integration called '{named}'; there are {string.Join(", ", catalogue.Integrations.Keys)}");
        }

        var first = catalogue.Integrations.Values.FirstOrDefault(i => i.Format == format);
        notes.Add(first is not null
            ? $"decided as if sent to {first.Id}, the first integration of this format; --integration names another"
            : $"no integration reads {format}: no default labels, and a resolve_timeout of 5m");
        return first;
    }
}
