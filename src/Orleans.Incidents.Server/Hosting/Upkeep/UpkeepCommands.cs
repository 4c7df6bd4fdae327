using System.CommandLine;

namespace Incidents.Server.Hosting;

/// <summary>The commands that look after the data: backup, restore, views rebuild.</summary>
internal static class UpkeepCommands
{
    public static IEnumerable<Command> All(TextWriter output, TextWriter errors) => [Backup(output, errors), Restore(output, errors), Views(output, errors)];

    private static Command Backup(TextWriter output, TextWriter errors)
    {
        var command = new Command("backup", "Write a verified backup, while the server runs or not");
        var file = new Argument<string>("FILE") { Description = "the file to write; one file holds everything but the configuration file and the secrets that it names" };
        var force = new Option<bool>("--force") { Description = "replace the file when it is there" };
        var (data, url) = (CommandLine.Data(), Url());
        command.Arguments.Add(file);
        foreach (var option in new Option[] { data, force, url })
            command.Options.Add(option);
        command.SetAction(parse => CommandLine.Refusing(errors, async () =>
        {
            var to = Path.GetFullPath(parse.GetValue(file)!);
            var report = await Upkeep.BackupAsync(CommandLine.Folder(parse.GetValue(data)), to, parse.GetValue(force), parse.GetValue(url));
            await output.WriteLineAsync($"{to}: position {report.Flushes}, {report.Streams} streams, {report.Events} events, {new FileInfo(to).Length} bytes; verified");
            return 0;
        }));
        return command;
    }

    private static Command Restore(TextWriter output, TextWriter errors)
    {
        var command = new Command("restore", "Make a data folder from a backup; the folder must be new or empty");
        var file = new Argument<string>("FILE") { Description = "the backup" };
        var data = CommandLine.Data();
        command.Arguments.Add(file);
        command.Options.Add(data);
        command.SetAction(parse => CommandLine.Refusing(errors, async () =>
        {
            var folder = Path.GetFullPath(CommandLine.Folder(parse.GetValue(data)));
            var report = Upkeep.Restore(Path.GetFullPath(parse.GetValue(file)!), folder);
            await output.WriteLineAsync($"{folder}: position {report.Flushes}, {report.Streams} streams, {report.Events} events; verified. Start with: serve --data {folder}");
            return 0;
        }));
        return command;
    }

    private static Command Views(TextWriter output, TextWriter errors)
    {
        var rebuild = new Command("rebuild", "Make the lists anew from the journal, while the server runs or not");
        var (data, url) = (CommandLine.Data(), Url());
        rebuild.Options.Add(data);
        rebuild.Options.Add(url);
        rebuild.SetAction(parse => CommandLine.Refusing(errors, async () =>
        {
            var position = await Upkeep.RebuildAsync(CommandLine.Folder(parse.GetValue(data)), parse.GetValue(url));
            await output.WriteLineAsync($"the lists are made anew, as of position {position}");
            return 0;
        }));
        return new Command("views", "The lists that people and programs read") { Subcommands = { rebuild } };
    }

    private static Option<string?> Url() => new("--url") { Description = "where the running server is reached from here; needed only when it listens with TLS alone" };
}
