using System.Text;
using Incidents.Fuzz.Grammar;
using Incidents.Server.Configuration;
using Incidents.Server.Hosting;

namespace Incidents.Fuzz.Targets;

/// <summary>
/// The command line: an argument a line. It does what it is asked or says why not on the error stream with an exit code, and no
/// exception leaves it. Files are named by a percent sign, which stands for a folder of this run; the commands that serve or write
/// are only asked for what they must refuse.
/// </summary>
internal sealed class CommandLineTarget : ITarget, IDisposable
{
    private static readonly string[] Reading = ["config", "check", "example", "schema", "routes", "test", "show", "preview", "--help", "--version"];
    private static readonly string[] Writing = ["serve", "token", "reset", "audit", "verify", "backup", "restore", "views", "rebuild"];

    private static readonly string[] Others =
    [
        "--config", "--config.file", "%/incidents.yaml", "%/alertmanager.yml", "%/body.json", "%/headers", "%/absent", "%", "--alertmanager", "--json", "--matchers", "classic", "odd", "--format", "generic-json", "cloudevents-binary", "--headers", "--integration", "g",
        "a=b", "alertname=x", "é=🙂", "=", "a", "{a=b}", "--verify.receivers", "web", "--data", "--urls", "--demo", "--", "-", "", " ", "@%/absent", "@%/args", "[diagram]", "--config=", "--json=maybe", "-h", "/?", "--force", "--url", "x\0y", "%/x\0y",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incidents-fuzz-");

    public CommandLineTarget()
    {
        Write("incidents.yaml", ConfigExample.Text);
        Write("alertmanager.yml", "route: {receiver: a, routes: [{match: {x: y}, receiver: b}]}\nreceivers: [{name: a}, {name: b}]\n");
        Write("body.json", """{"title":"T","severity":"critical"}""");
        Write("headers", "Content-Type: application/json\nce-specversion: 1.0\n");
        Write("args", "config\nschema\n");
    }

    public string Name => "command-line";

    public double Share => 0.01;

    public IReadOnlyList<byte[]> Corpus { get; } =
    [
        .. new[] { "config\ncheck\n%/incidents.yaml", "routes\ntest\n--config\n%/alertmanager.yml\nx=y\n--json", "routes\nshow\n--config\n%/incidents.yaml", "preview\n--format\ngeneric-json\n%/body.json\n--headers\n%/headers", "", "serve\n--urls\nftp://x", "--version" }
            .Select(Encoding.UTF8.GetBytes),
    ];

    public IReadOnlyList<byte[]> Words { get; } = [.. Reading.Concat(Writing).Concat(Others).Select(w => Encoding.UTF8.GetBytes("\n" + w + "\n"))];

    public byte[] Make(Random random) => Encoding.UTF8.GetBytes(string.Join('\n', random.Some(3, () => random.Pick(random.Chance(70) ? Reading : Writing)).Concat(random.Some(6, () => random.Pick(Others)))));

    public string Run(byte[] input)
    {
        var arguments = Encoding.UTF8.GetString(input).Split('\n').Select(a => a.Replace("%", _folder.FullName, StringComparison.Ordinal)).ToList();
        if (arguments.Contains("-"))
            arguments.RemoveAll(a => a == "-");
        if (Array.Exists(Writing, arguments.Contains))
            arguments.Add("--no-such-option");
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = CommandLine.RunAsync([.. arguments], output, errors).GetAwaiter().GetResult();
        var said = errors.ToString();
        Law.Holds(code == 0 || said.Trim().Length > 0 || output.ToString().Length > 0, $"exit code {code} is explained");
        Law.Holds(!said.Contains("   at ", StringComparison.Ordinal) && !said.Contains("Exception", StringComparison.Ordinal), $"nothing of the inside is shown: {said}");
        return $"{code} {Law.Kind(said)}";
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);
}
