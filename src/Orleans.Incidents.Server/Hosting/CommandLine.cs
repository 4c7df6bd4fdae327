using System.CommandLine;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Turns;
using Incidents.Identities;
using Incidents.Journal;
using Incidents.Journal.Postgres;
using Incidents.Journal.Sqlite;
using Incidents.Server.Configuration;
using Incidents.Server.Demonstration;
using Incidents.Server.Preview;

namespace Incidents.Server.Hosting;

/// <summary>Commands and their options; every error is one line and a non-zero exit.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter errors)
    {
        var root = new RootCommand("Orleans.Incidents: an incident engine. Start with: serve");
        root.Options.Remove(root.Options.First(o => o is VersionOption));
        var version = new Option<bool>("--version") { Description = "Show the version and the hosts it was built with" };
        root.Options.Add(version);
        root.SetAction(parse =>
        {
            if (parse.GetValue(version))
            {
                output.WriteLine($"{Program.Version} (hosts: {Silos.Hosts}; journals: sqlite, postgresql)");
                return 0;
            }

            errors.WriteLine("name a command: serve, token reset, config example, config check, routes test, preview, audit verify, backup, restore, views rebuild; --help shows all");
            return 1;
        });
        root.Subcommands.Add(Serve(output, errors));
        root.Subcommands.Add(Token(output, errors));
        root.Subcommands.Add(Config(output, errors));
        root.Subcommands.Add(Audit(output, errors));
        root.Subcommands.Add(PreviewCommand.Make(output, errors));
        root.Subcommands.Add(RoutesCommand.Make(output, errors));
        foreach (var command in UpkeepCommands.All(output, errors))
            root.Subcommands.Add(command);

        // What begins with @ is itself and no file of further arguments: a label may, and a folder's name would be an exception.
        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            await errors.WriteLineAsync(parsed.Errors[0].Message);
            return 1;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = errors, ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
    }

    private static Command Serve(TextWriter output, TextWriter errors)
    {
        var command = new Command("serve", "Run the server");
        var options = ServerOption.All.ToDictionary(o => o.Name, o => new Option<string?>(o.CommandLine)
        {
            Description = o.Default.Length > 0 ? $"{o.Help} (default {o.Default}; {o.Environment})" : $"{o.Help} ({o.Environment})",
            Arity = o.IsFlag ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
        }, StringComparer.Ordinal);
        foreach (var option in options.Values)
            command.Options.Add(option);
        command.SetAction(async parse =>
        {
            var settings = new ConfigurationBuilder().AddJsonFile("appsettings.json", optional: true).Build();
            string? Given(string name) => parse.GetResult(options[name]) is null ? null : parse.GetValue(options[name]) ?? "true";
            var read = ServerOptionsReader.Read(Given, Environment.GetEnvironmentVariable, key => settings[key]);
            if (read.Options is { Cluster: true } && !Silos.IsBuiltIn)
            {
                await errors.WriteLineAsync(Silos.Missing);
                return 2;
            }

            if (read.Options is { Silos: > 1 } several)
                return await LocalSilos.RunAsync(several, o => Given(o.Name), output, errors);
            if (read.Options is { } known)
                return known.Demo ? await DemoCommand.RunAsync(known, output, errors) : await ServeCommand.RunAsync(known, output, errors, exit: Environment.Exit);
            foreach (var error in read.Errors)
                await errors.WriteLineAsync(error);
            return 1;
        });
        return command;
    }

    private static Command Token(TextWriter output, TextWriter errors)
    {
        var reset = new Command("reset", "Make a new admin token; the old one ends at once. Run it while the server is stopped");
        var data = Data();
        reset.Options.Add(data);
        var postgres = Postgres();
        reset.Options.Add(postgres);
        reset.SetAction(parse => Refusing(errors, async () =>
        {
            using var folder = new DataFolder(Folder(parse.GetValue(data)));
            var storage = Connection(parse.GetValue(postgres)) is { } connection ? await Storage.OfPostgresAsync(connection, folder, InUse, CancellationToken.None) : null;
            await using var runtime = new Runtime(folder, TimeProvider.System, output, new EngineOptions(), storage: storage);
            runtime.Email = new CatalogueKeeper(runtime.History, runtime.Host).Read(null).Email;
            runtime.Start();
            var token = Starter.NewToken();
            await runtime.Actors.CallAsync(CommandId.Of($"token:{token}"), StreamId.Identity(Starter.Admin), new Caller("operator", IdentityKind.Human),
                new ConfigureIdentity(Starter.AdminIdentity(token, Time.Now(runtime.World))));
            await output.WriteLineAsync(token);
            return 0;
        }));

        static Task InUse() => throw new JournalRefusedException("the journal is in use by another process; stop it first");

        return new Command("token", "The admin's token") { Subcommands = { reset } };
    }

    private static Command Config(TextWriter output, TextWriter errors)
    {
        var example = new Command("example", "Print a commented configuration file to start from");
        example.SetAction(_ => output.Write(ConfigExample.Text));
        var schema = new Command("schema", "Print the JSON Schema of the configuration file");
        schema.SetAction(_ => output.Write(ConfigExample.Schema));
        var check = new Command("check", "Check a configuration file");
        var file = new Argument<string>("FILE") { Description = "the file" };
        check.Arguments.Add(file);
        var matchers = SharedOptions.Matchers();
        check.Options.Add(matchers);
        check.SetAction(parse => Refusing(errors, async () =>
        {
            var catalogue = ConfigFile.Load(parse.GetValue(file)!, parse.GetValue(matchers), errors);
            await output.WriteLineAsync($"{catalogue.Services.Count} services, {catalogue.Policies.Count} policies, {catalogue.Responders.Count} responders, {catalogue.Integrations.Count} integrations: no errors");
            return 0;
        }));
        return new Command("config", "The configuration file") { Subcommands = { example, schema, check } };
    }

    private static Command Audit(TextWriter output, TextWriter errors)
    {
        var verify = new Command("verify", "Walk every hash chain, every receipt block and the Merkle log");
        var data = Data();
        verify.Options.Add(data);
        var postgres = Postgres();
        verify.Options.Add(postgres);
        verify.SetAction(parse => Refusing(errors, async () =>
        {
            var report = Connection(parse.GetValue(postgres)) is { } connection ? PostgresVerification.Run(Storage.Address(connection)) : OfFile(Folder(parse.GetValue(data)));
            foreach (var fault in report.Faults.Take(100))
                await errors.WriteLineAsync(fault);
            await output.WriteLineAsync($"{report.Flushes} flushes, {report.Streams} streams, {report.Events} events; root {Convert.ToHexStringLower(report.Root)}; not yet anchored: {report.Flushes} flushes (no checkpoint is signed)");
            foreach (var position in report.RestoredAt)
                await output.WriteLineAsync($"restored from a backup at position {position}: what was flushed behind it elsewhere is not in this journal");
            await output.WriteLineAsync(report.Faults.Count == 0 ? "verified" : $"{report.Faults.Count} faults");
            return report.Faults.Count == 0 ? 0 : 1;
        }));

        static VerificationReport OfFile(string folder)
        {
            var path = Path.Combine(folder, "journal.db");
            return File.Exists(path) ? Verification.Run(path) : throw new JournalRefusedException($"{path} does not exist");
        }

        return new Command("audit", "The audit trail") { Subcommands = { verify } };
    }

    internal static Option<string?> Data() => new("--data") { Description = "the folder of the journal" };

    private static Option<string?> Postgres() => new(ServerOption.Postgres.CommandLine) { Description = ServerOption.Postgres.Help };

    private static string? Connection(string? given) =>
        given ?? (Environment.GetEnvironmentVariable(ServerOption.Postgres.Environment) is { Length: > 0 } set ? set : null);

    internal static string Folder(string? given) => given ?? Environment.GetEnvironmentVariable(ServerOption.Data.Environment) ?? ServerOption.Data.Default;

    internal static async Task<int> Refusing(TextWriter errors, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception refused) when (refused is JournalRefusedException or JournalBrokenException or JournalFailureException or ConfigRefusedException)
        {
            await errors.WriteLineAsync(refused.Message);
            return 1;
        }
    }
}
