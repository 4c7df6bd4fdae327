using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Incidents.Server.Hosting;

/// <summary>
/// How commands on this machine reach the running server: a file in the data folder, which only the server's user can read, with
/// the address and a token of this process. Whoever can read it could read the journal as well.
/// </summary>
internal sealed class LocalDoor : IDisposable
{
    private const string Name = "server.json";

    private readonly string _path;
    private readonly string _token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));

    /// <summary>Made by the process that holds the folder: what another one left behind leads nowhere.</summary>
    public LocalDoor(DataFolder data)
    {
        _path = Path.Combine(data.Path, Name);
        File.Delete(_path);
    }

    /// <summary>What the file of the process that holds the folder says; <see langword="null"/>: it does not serve, or not yet.</summary>
    public static LocalAddress? Find(string folder)
    {
        var path = Path.Combine(folder, Name);
        return File.Exists(path) ? JsonSerializer.Deserialize<LocalAddress>(File.ReadAllText(path)) : null;
    }

    /// <summary>The server listens.</summary>
    public void Open(IEnumerable<string> urls)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        // Whole or not there: a command may look at any moment.
        var unfinished = _path + ".part";
        File.Delete(unfinished);
        using (var file = new FileStream(unfinished, options))
            JsonSerializer.Serialize(file, new LocalAddress(Loopback(urls), _token));
        File.Move(unfinished, _path);
    }

    /// <summary>Whether a request comes from a command on this machine.</summary>
    public bool Admits(HttpContext http) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(http.Request.Headers.Authorization.ToString()), Encoding.UTF8.GetBytes($"Bearer {_token}"));

    public void Dispose() => File.Delete(_path);

    // Without TLS where there is a choice: a certificate names the server as others know it, not as this machine does.
    private static string Loopback(IEnumerable<string> urls)
    {
        var address = BindingAddress.Parse(urls.OrderBy(u => u.StartsWith("https", StringComparison.OrdinalIgnoreCase)).First());
        var host = address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "127.0.0.1" : address.Host;
        return $"{address.Scheme}://{host}:{address.Port}";
    }
}

/// <summary>Where the running server is reached from this machine.</summary>
internal sealed record LocalAddress(string Url, string Token);
