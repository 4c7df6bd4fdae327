namespace Incidents.Conventions;

/// <summary>The size budget: a file is read at one go, a folder at one glance.</summary>
public class SizeTests
{
    // A list of names is looked up, not read, and cannot be split: an enumeration is one file.
    private const string Index = "src/Orleans.Incidents.Core/Audit/Reason.cs";

    private static readonly string[] TypeWords = ["class ", "record ", "struct ", "interface ", "enum "];

    [Fact]
    public void No_file_is_over_400_lines_and_none_of_core_over_200()
    {
        Assert.All(All(), file => Assert.True(file.Lines.Length <= 400, $"{file}: {file.Lines.Length} lines"));
        Assert.All(Sources.Below("src/Orleans.Incidents.Core").Where(f => f.Path != Index), file => Assert.True(file.Lines.Length <= 200, $"{file}: {file.Lines.Length} lines"));
    }

    [Fact]
    public void Half_of_all_source_files_have_80_lines_at_most() => Assert.InRange(Median(Sources.Below("src").Select(f => f.Lines.Length)), 1, 80);

    [Fact]
    public void No_folder_holds_more_than_12_source_files() =>
        Assert.All(All().GroupBy(f => f.Folder), folder => Assert.True(folder.Count() <= 12, $"{folder.Key}: {folder.Count()} files"));

    [Fact]
    public void No_method_is_over_80_lines() =>
        Assert.All(All().SelectMany(Blocks), block => Assert.True(block.Lines <= 80, $"{block.File}:{block.Start}: {block.Lines} lines"));

    private static IEnumerable<SourceFile> All() => Sources.Below("src").Concat(Sources.Below("tests")).Concat(Sources.Below("load"));

    private static int Median(IEnumerable<int> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    // A block opens on a line of its own and closes at the same indentation; what opens a type is not a method.
    private static IEnumerable<(SourceFile File, int Start, int Lines)> Blocks(SourceFile file)
    {
        for (var start = 1; start < file.Lines.Length; start++)
        {
            var line = file.Lines[start];
            if (line.Trim() != "{" || OpensType(file.Lines, start))
                continue;
            var end = Array.FindIndex(file.Lines, start + 1, l => l.StartsWith(line.Replace('{', '}'), StringComparison.Ordinal));
            yield return (file, start + 1, end - start);
        }
    }

    private static bool OpensType(string[] lines, int brace)
    {
        // A declaration may go over several lines; it begins behind the last line that ends or opens something.
        for (var i = brace - 1; i >= 0; i--)
        {
            var line = lines[i].TrimStart();
            if (line.Length == 0 || line.StartsWith("//", StringComparison.Ordinal) || line.EndsWith(';') || line is "{" or "}")
                return false;
            if (Array.Exists(TypeWords, w => line.StartsWith(w, StringComparison.Ordinal) || line.Contains(" " + w, StringComparison.Ordinal)) && !line.Contains("=>", StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}
