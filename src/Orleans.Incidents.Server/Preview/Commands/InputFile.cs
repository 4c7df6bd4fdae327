using Incidents.Server.Configuration;
using Incidents.Server.Hosting;

namespace Incidents.Server.Preview;

/// <summary>Reads what a command is given, within a bound.</summary>
internal static class InputFile
{
    /// <summary>The bytes of a file; <c>-</c> is the standard input.</summary>
    /// <exception cref="ConfigRefusedException">It cannot be read, or is too large.</exception>
    public static byte[] Read(string path, int limit)
    {
        try
        {
            using var stream = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
            return Bounded.Read(stream, limit) ?? throw new ConfigRefusedException($"{path}: is larger than {limit} bytes");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ConfigRefusedException($"{path}: does not exist");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ConfigRefusedException($"{path}: cannot be read: {exception.Message}");
        }
        catch (ArgumentException)
        {
            throw new ConfigRefusedException($"'{path}' is no file's name");
        }
    }
}
