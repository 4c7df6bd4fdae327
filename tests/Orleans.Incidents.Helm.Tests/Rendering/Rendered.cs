using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Incidents.Testing;

namespace Incidents.Helm.Tests.Rendering;

/// <summary>
/// The chart with certain values, by <c>helm template</c>; where there is no helm, by the Go program beside these tests. Where there is
/// no Go either, the test counts as skipped.
/// </summary>
internal sealed class Rendered
{
    public const string Release = "shop";
    public const string Namespace = "paging";

    // What has no default.
    private const string Least = "postgres: {existingSecret: database}\n";
    private const string GoFolder = "/usr/share/gocode";

    private static readonly ConcurrentDictionary<string, Lazy<Task<Rendered>>> Done = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, Lazy<string>> Written = new(StringComparer.Ordinal);
    private static readonly Lazy<Task<string>> Program = new(BuildAsync);
    private static readonly Lazy<DirectoryInfo> Folder = new(MakeFolder);

    private static int _files;

    private Rendered(IReadOnlyList<KubeObject> objects) => Objects = objects;

    public IReadOnlyList<KubeObject> Objects { get; }

    public KubeObject Deployment => One("Deployment");

    /// <summary>The pod of the server.</summary>
    public JsonNode Pod => Deployment["spec.template.spec"]!;

    /// <summary>Its one container.</summary>
    public JsonNode Container => Assert.Single(Pod.List("containers"));

    /// <summary>The command line of the server, its name left out.</summary>
    public IReadOnlyList<string> Arguments => [.. Container.List("args").Select(a => a.GetValue<string>())];

    /// <summary>With these values over the defaults; each set of values is rendered once.</summary>
    public static Task<Rendered> OfAsync(string values = "")
    {
        Require();
        return Done.GetOrAdd(values, v => new Lazy<Task<Rendered>>(() => RenderAsync(v))).Value;
    }

    /// <summary>What is said of values that make no sense together.</summary>
    public static async Task<string> RefusalAsync(string values, string least = Least)
    {
        Require();
        var run = await RunAsync(values, least);
        Assert.NotEqual(0, run.Exit);
        return run.Errors;
    }

    /// <summary>The notes. Helm shows them where it installs alone, so they are always rendered by the Go program.</summary>
    /// <param name="api">What the cluster knows besides its own.</param>
    public static async Task<string> NotesAsync(string values, string? api = null)
    {
        RequireGo();
        string[] apis = api is null ? [] : ["-a", api];
        var run = await Tool.RunAsync(await Program.Value, [Chart.Folder, Release, Namespace, "-f", Write(Least), "-f", Write(values), "-notes", .. apis]);
        Assert.True(run.Exit == 0, run.Errors);
        return run.Output;
    }

    public KubeObject One(string kind) => Assert.Single(Objects, o => o.Kind == kind);

    public KubeObject? Maybe(string kind) => Objects.SingleOrDefault(o => o.Kind == kind);

    private static async Task<Rendered> RenderAsync(string values)
    {
        var run = await RunAsync(values, Least);
        Assert.True(run.Exit == 0, run.Errors);
        return new Rendered([.. Yaml.All(run.Output).Select(n => new KubeObject(n))]);
    }

    private static async Task<ToolRun> RunAsync(string values, string least) => HasHelm
        ? await Tool.RunAsync("helm", "template", Release, Chart.Folder, "--namespace", Namespace, "--kube-version", "1.30.0", "-f", Write(least), "-f", Write(values))
        : await Tool.RunAsync(await Program.Value, Chart.Folder, Release, Namespace, "-f", Write(least), "-f", Write(values));

    private static bool HasHelm { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(f => File.Exists(Path.Combine(f, "helm")));

    private static void Require()
    {
        if (!HasHelm)
            RequireGo();
    }

    private static void RequireGo()
    {
        Tool.Find("go");
        foreach (var (package, path) in new[] { ("golang-github-masterminds-sprig-dev", "github.com/Masterminds/sprig"), ("golang-gopkg-yaml.v3-dev", "gopkg.in/yaml.v3") })
        {
            if (!Directory.Exists(Path.Combine(GoFolder, "src", path)))
                Tool.Absent($"{path} (package {package})");
        }
    }

    // Without modules, so that nothing is fetched.
    private static async Task<string> BuildAsync()
    {
        var program = Path.Combine(Folder.Value.FullName, "render");
        var source = Path.Combine(Chart.Root, "tests", "Orleans.Incidents.Helm.Tests", "render", "main.go");
        var run = await Tool.RunAsync("env", "GO111MODULE=off", $"GOPATH={GoFolder}", "GOFLAGS=", "CGO_ENABLED=0", "go", "build", "-o", program, source);
        Assert.True(run.Exit == 0, run.Errors);
        return program;
    }

    // Once: another rendering may read the file at this moment.
    private static string Write(string values) => Written.GetOrAdd(values, v => new Lazy<string>(() =>
    {
        var path = Path.Combine(Folder.Value.FullName, $"{Interlocked.Increment(ref _files)}.yaml");
        File.WriteAllText(path, v);
        return path;
    })).Value;

    private static DirectoryInfo MakeFolder()
    {
        var folder = Directory.CreateTempSubdirectory("helm-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        return folder;
    }
}
