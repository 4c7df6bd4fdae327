using System.Runtime.CompilerServices;

namespace Incidents.Testing;

/// <summary>Real payloads and peers' cases beside the checkout. Users do not have them: those tests count as skipped.</summary>
internal static class SharedFolder
{
    /// <summary>The full path of a file or folder below <c>../shared</c>; skips the running test where it is absent.</summary>
    public static string Path(params string[] parts)
    {
        var path = System.IO.Path.Combine([Root(), .. parts]);
        if (!File.Exists(path) && !Directory.Exists(path))
            Assert.Skip($"absent: ../shared/{string.Join('/', parts)}");
        return path;
    }

    /// <summary>Whether the folder is there at all.</summary>
    public static bool Present => Directory.Exists(System.IO.Path.Combine(Root(), "corpus"));

    private static string Root([CallerFilePath] string here = "") =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(here)!, "..", "..", "..", "shared"));
}
