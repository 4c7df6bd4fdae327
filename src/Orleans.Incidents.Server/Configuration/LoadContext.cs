using System.Text;
using Incidents.Routing;

namespace Incidents.Server.Configuration;

/// <summary>All that loading looks at besides the file itself.</summary>
public sealed record LoadContext
{
    /// <summary>Larger secret files are refused.</summary>
    private const int MaxSecretBytes = 64 * 1024;

    /// <summary>
    /// Says what is wrong with a routing tree beyond its shape. A path counts from the root route:
    /// <c>routes[1].routes[0].matchers[2]</c>; empty: the root itself.
    /// </summary>
    public required Func<RouteNode, IReadOnlyList<(string Path, string Message)>> CompileRoute { get; init; }

    /// <summary>Says what a routing tree should write differently, with paths as for <see cref="CompileRoute"/>. Default: nothing.</summary>
    public Func<RouteNode, IReadOnlyList<(string Path, string Message)>> WarnOfRoute { get; init; } = _ => [];

    /// <summary>
    /// Whether secrets are followed to where they lie. Without, a reference is only checked for its form: whoever looks at
    /// a file's routes need not hold its secrets. Default: true.
    /// </summary>
    public bool FollowsSecrets { get; init; } = true;

    /// <summary>The names of the formats that an integration may have.</summary>
    public required IReadOnlyCollection<string> Formats { get; init; }

    /// <summary>An environment variable's value; <see langword="null"/> when it is not set. Default: this process's.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>The text of a secret's file by its absolute path. May throw as <see cref="File"/> does. Default: the file system.</summary>
    public Func<string, string> ReadFile { get; init; } = ReadSecretFile;

    private static string ReadSecretFile(string path)
    {
        using var file = File.OpenRead(path);
        var bytes = Bounded.Read(file, MaxSecretBytes);
        return bytes is null ? throw new IOException($"larger than {MaxSecretBytes} bytes") : Encoding.UTF8.GetString(bytes);
    }
}
