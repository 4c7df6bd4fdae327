using System.Runtime.CompilerServices;

namespace Incidents.Conventions;

/// <summary>One source file of the checkout.</summary>
/// <param name="Path">Below the checkout, with forward slashes.</param>
/// <param name="Lines">Its lines.</param>
internal sealed record SourceFile(string Path, string[] Lines)
{
    /// <summary>The file as one text.</summary>
    public string Text { get; } = string.Join('\n', Lines);

    /// <summary>The folder it lies in.</summary>
    public string Folder => Path[..Path.LastIndexOf('/')];

    /// <summary>The lines without comments, for rules about what code says.</summary>
    public IEnumerable<string> Code => Lines.Where(l => !l.TrimStart().StartsWith("//", StringComparison.Ordinal));

    public override string ToString() => Path;
}

/// <summary>The checkout as the tests see it.</summary>
internal static class Sources
{
    private static readonly Lazy<IReadOnlyList<SourceFile>> Files = new(Read);

    public static string Root { get; } = Path.GetFullPath(Path.Combine(Here(), "..", ".."));

    /// <summary>Every C# file below a folder of the checkout.</summary>
    public static IReadOnlyList<SourceFile> Below(string folder) => [.. Files.Value.Where(f => f.Path.StartsWith(folder + "/", StringComparison.Ordinal))];

    private static List<SourceFile> Read() =>
    [
        .. new[] { "src", "tests", "load" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories))
            .Select(path => (Full: path, Path: Path.GetRelativePath(Root, path).Replace('\\', '/')))
            .Where(f => !f.Path.Contains("/obj/", StringComparison.Ordinal) && !f.Path.Contains("/bin/", StringComparison.Ordinal))
            .OrderBy(f => f.Path, StringComparer.Ordinal)
            .Select(f => new SourceFile(f.Path, File.ReadAllLines(f.Full))),
    ];

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
