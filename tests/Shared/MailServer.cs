using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace Incidents.Testing;

/// <summary>A mail as the mail server took it: what the envelope said, and the message as the server's own library reads it.</summary>
internal sealed record Mail(string From, string To, bool Tls, string? User, ILookup<string, string> Headers, string Text, string Raw, int Defects)
{
    /// <summary>The one header of a name.</summary>
    public string this[string header] => Assert.Single(Headers[header]);
}

/// <summary>
/// Debian's aiosmtpd on a loopback port with a mailbox of its own (<c>mail_server.py</c> says how recipients make it refuse). Where it
/// is absent the test counts as skipped.
/// </summary>
internal sealed class MailServer : IAsyncDisposable
{
    public const string User = "incidents";
    public const string Password = "right password";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mail-");
    private Process? _process;

    public int Port { get; private set; }

    /// <summary>The server's own certificate, which nobody else vouches for; <see langword="null"/> without TLS.</summary>
    public X509Certificate2? Certificate { get; private set; }

    /// <summary>The certificate as a file.</summary>
    public string CertificateFile => Path.Combine(_folder.FullName, "certificate.pem");

    /// <summary>Everything in the mailbox, in order of arrival.</summary>
    public IReadOnlyList<Mail> Mails => [.. Box.GetFiles("*.json").OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => Read(File.ReadAllText(f.FullName)))];

    private DirectoryInfo Box => _folder.CreateSubdirectory("box");

    /// <param name="tls">none, starttls or implicit.</param>
    /// <param name="signIn">none, plain or login: the one way that it offers.</param>
    /// <param name="host">The name that its certificate is for, besides 127.0.0.1.</param>
    public static async Task<MailServer> StartAsync(string tls = "none", string signIn = "none", string host = "localhost")
    {
        // The program's first line names the interpreter that has the library.
        var interpreter = (await File.ReadAllLinesAsync(Tool.Find("aiosmtpd"), TestContext.Current.CancellationToken))[0].TrimStart('#', '!').Trim();
        var server = new MailServer();
        if (tls != "none")
            server.Certify(host);
        server._process = new Process
        {
            StartInfo = new ProcessStartInfo(interpreter, [
                "-W", "ignore", Script(), "--folder", server.Box.FullName, "--tls", tls, "--sign-in", signIn, "--certificate", server.CertificateFile, "--key", server.CertificateFile])
            {
                UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            },
        };
        server._process.Start();
        var said = await server._process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        if (!int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            throw new InvalidOperationException($"the mail server did not start: {said} {await server._process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)}");
        server.Port = port;
        _ = server._process.StandardError.ReadToEndAsync(CancellationToken.None);
        return server;
    }

    /// <summary>Lets it answer for what it holds.</summary>
    public void Release() => File.WriteAllText(Path.Combine(Box.FullName, "release"), "");

    /// <summary>Waits for a number of mails.</summary>
    public Task<IReadOnlyList<Mail>> ArrivedAsync(int count, TimeSpan? within = null) =>
        Eventually.GetAsync($"{count} mails", () => Task.FromResult(Mails is var mails && mails.Count >= count ? mails : null), within);

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        }

        Certificate?.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Certify(string host)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        if (host == "localhost")
            names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(CertificateFile, made.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        Certificate = X509CertificateLoader.LoadCertificate(made.Export(X509ContentType.Cert));
    }

    private static Mail Read(string json)
    {
        var mail = JsonDocument.Parse(json).RootElement;
        var headers = mail.GetProperty("headers").EnumerateArray().ToLookup(h => h[0].GetString()!, h => h[1].GetString()!, StringComparer.OrdinalIgnoreCase);
        return new Mail(
            mail.GetProperty("from").GetString()!, string.Join(',', mail.GetProperty("to").EnumerateArray().Select(t => t.GetString())), mail.GetProperty("tls").GetBoolean(),
            mail.GetProperty("user").GetString(), headers, mail.GetProperty("text").GetString()!, Encoding.ASCII.GetString(mail.GetProperty("raw").GetBytesFromBase64()), mail.GetProperty("defects").GetArrayLength());
    }

    private static string Script([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "mail_server.py");
}
