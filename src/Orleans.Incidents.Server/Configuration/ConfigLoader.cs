using System.Text;
using Incidents.Server.Configuration.Reading;
using Incidents.Server.Configuration.Yaml;

namespace Incidents.Server.Configuration;

/// <summary>Loads the configuration file: the catalogue, or every error with its line and column.</summary>
public static class ConfigLoader
{
    /// <summary>Larger files are refused.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads and checks a file; relative <c>file:</c> references count from its folder.</summary>
    public static LoadResult Load(string path, LoadContext context)
    {
        var (bytes, problem) = Open(path);
        return bytes is null ? WholeFile(path, problem) : Load(path, bytes, Path.GetDirectoryName(Path.GetFullPath(path))!, context);
    }

    /// <summary>The bytes of a file, or what is wrong with it as a whole.</summary>
    internal static (byte[]? Bytes, string Problem) Open(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return (Bounded.Read(file, MaxBytes), "is larger than 4 MiB");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, "does not exist");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, $"cannot be read: {exception.Message}");
        }
        catch (ArgumentException)
        {
            return (null, "is no file's name");
        }
    }

    /// <summary>The root of a text; <see langword="null"/> when it cannot be read, and then one error is added.</summary>
    internal static Value? Parse(byte[] utf8, ErrorList errors) =>
        Decode(utf8, errors) is { } text && YamlTree.Parse(text, errors) is { } root ? new Value(root, "", new Position(1, 1), errors) : null;

    /// <summary>Checks a text that is already in memory.</summary>
    /// <param name="name">What errors call the file.</param>
    /// <param name="utf8">The text in UTF-8, with or without a byte order mark.</param>
    /// <param name="directory">The absolute folder that relative <c>file:</c> references count from.</param>
    /// <param name="context">What else to look at.</param>
    public static LoadResult Load(string name, byte[] utf8, string directory, LoadContext context)
    {
        var errors = new ErrorList(name);
        if (utf8.Length > MaxBytes)
            return WholeFile(name, "is larger than 4 MiB");
        if (Parse(utf8, errors) is not { } root)
            return new LoadResult(null, [.. errors.InOrder()]);
        var warnings = new ErrorList(name);
        var reader = new CatalogueReader(context, new SecretReader(context, directory), warnings);
        var catalogue = reader.Read(root);
        return (errors.IsEmpty ? new LoadResult(catalogue, []) : new LoadResult(null, [.. errors.InOrder()])) with { Warnings = [.. warnings.InOrder()] };
    }

    private static string? Decode(byte[] utf8, ErrorList errors)
    {
        var start = utf8.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        try
        {
            return StrictUtf8.GetString(utf8.AsSpan(start));
        }
        catch (DecoderFallbackException exception)
        {
            // The index counts from the first byte that was looked at, and may lie before it for a cut-off character.
            var before = Encoding.UTF8.GetString(utf8.AsSpan(start, Math.Max(0, exception.Index)));
            errors.Add(new(before.Count(c => c == '\n') + 1, before.Length - before.LastIndexOf('\n')), "", "is not UTF-8 from here on");
            return null;
        }
    }

    private static LoadResult WholeFile(string path, string message) => new(null, [new ConfigError(path, 0, 0, "", message)]);
}
