using System.Text.RegularExpressions;

namespace Incidents.Conventions;

/// <summary>What README.md states is true.</summary>
public partial class ReadmeTests
{
    private static readonly string Root = Sources.Root;
    private static readonly string Text = File.ReadAllText(Path.Combine(Root, "README.md"));

    [Fact]
    public void Every_link_leads_to_a_file()
    {
        var links = Link().Matches(Text).Select(m => m.Groups["file"].Value).Where(l => !l.StartsWith("http", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(links);
        Assert.All(links, l => Assert.True(File.Exists(Path.Combine(Root, l)), $"{l} is not there"));
    }

    [Fact]
    public void Every_folder_of_the_map_is_there_and_every_project_of_src_is_in_it()
    {
        var named = Folder().Matches(Text).Select(m => m.Groups["folder"].Value).ToHashSet(StringComparer.Ordinal);
        Assert.All(named, f => Assert.True(Directory.Exists(Path.Combine(Root, f)), $"{f} is not there"));
        Assert.All(Directory.GetDirectories(Path.Combine(Root, "src")), d => Assert.Contains($"src/{Path.GetFileName(d)}", named));
    }

    [Fact]
    public void The_two_commands_name_what_there_is()
    {
        Assert.Contains("dotnet run -c Release --project src/Orleans.Incidents.Server -- serve", Text, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Root, "src/Orleans.Incidents.Server/Orleans.Incidents.Server.csproj")));
        Assert.Contains("tests/run.sh --install", Text, StringComparison.Ordinal);
        Assert.Contains("tests/run.sh --install", File.ReadAllText(Path.Combine(Root, ".ci/run")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_starting_lines_are_those_that_the_server_prints()
    {
        var banner = File.ReadAllText(Path.Combine(Root, "src/Orleans.Incidents.Server/Hosting/Banner.cs"));
        foreach (var words in new[] { "  data      ", "  browser   ", "  admin     ", "  PagerDuty routing_key ", "  Send an alert:", "Serving on " })
        {
            Assert.Contains(words, Text, StringComparison.Ordinal);
            Assert.Contains(words, banner, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex(@"\]\((?<file>[^)#]+)\)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Link();

    [GeneratedRegex(@"^\| `(?<folder>[^`]+)` \|", RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Folder();
}
