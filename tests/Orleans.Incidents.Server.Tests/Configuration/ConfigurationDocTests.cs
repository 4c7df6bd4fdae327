using System.Runtime.CompilerServices;
using Incidents.Server.Configuration;
using Incidents.Server.Configuration.Reading;
using Incidents.Server.Configuration.Yaml;

namespace Incidents.Server.Tests.Configuration;

/// <summary>What docs/configuration.md says of keys, options and bounds is so.</summary>
public sealed class ConfigurationDocTests
{
    private static readonly string Doc = File.ReadAllText(Path.Combine(Here(), "..", "..", "..", "docs", "configuration.md"));

    [Fact]
    public void Every_key_has_a_row_or_a_section() => Assert.All(
        Shapes.All.SelectMany(s => s.Keys), key => Assert.Matches($"(?m)^(## |\\| .*)`{key}`", Doc));

    [Fact]
    public void Every_option_has_its_row() => Assert.All(
        ServerOption.All,
        o => Assert.Contains(
            $"| `{o.CommandLine}` | `{o.Environment}` | `{o.Key}` | {(o.Default.Length == 0 ? "none" : $"`{o.Default}`")} | {o.Help} |",
            Doc,
            StringComparison.Ordinal));

    [Fact]
    public void The_bounds_are_the_loaders()
    {
        Assert.Contains($"at most {YamlTree.MaxValues:N0} values\nwith aliases expanded, at most {YamlTree.MaxDepth} levels", Doc, StringComparison.Ordinal);
        Assert.Contains($"at most {ConfigLoader.MaxBytes / 1024 / 1024} MiB", Doc, StringComparison.Ordinal);
        Assert.Contains($"shorter ones than\n{SecretReader.MinTokenLength} characters are refused", Doc, StringComparison.Ordinal);
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
