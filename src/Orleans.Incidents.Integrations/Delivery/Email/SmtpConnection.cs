using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Incidents.Integrations.Delivery.Email;

/// <summary>The wire to a mail server: lines out, replies in, each bounded.</summary>
internal sealed class SmtpConnection(TcpClient client) : IAsyncDisposable
{
    private const int MaxLine = 2000;
    private const int MaxLines = 100;

    private readonly byte[] _buffer = new byte[4096];
    private Stream _stream = client.GetStream();
    private int _start;
    private int _end;

    /// <summary>Turns the rest of the conversation into TLS.</summary>
    /// <exception cref="IOException">The server said something ahead of the handshake: somebody on the way may have.</exception>
    public async Task SecureAsync(SslClientAuthenticationOptions options, CancellationToken cancel)
    {
        if (_start < _end)
            throw new IOException("the server goes on in clear text after it agreed to TLS");
        var secure = new SslStream(_stream);
        _stream = secure;
        await secure.AuthenticateAsClientAsync(options, cancel);
    }

    /// <summary>Sends a command and reads its reply.</summary>
    public async Task<SmtpReply> SendAsync(string command, CancellationToken cancel)
    {
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(command + "\r\n"), cancel);
        return await ReadAsync(cancel);
    }

    /// <summary>Sends the message itself with its end, and reads the reply that says who is responsible for it now.</summary>
    public async Task<SmtpReply> SendContentAsync(byte[] message, CancellationToken cancel)
    {
        await _stream.WriteAsync(Stuffed(message), cancel);
        return await ReadAsync(cancel);
    }

    /// <summary>Says good-bye and does not wait for the answer.</summary>
    public async Task LeaveAsync(CancellationToken cancel)
    {
        try
        {
            await _stream.WriteAsync("QUIT\r\n"u8.ToArray(), cancel);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // What the server said before stands, whether or not it still listens.
        }
    }

    /// <summary>Reads one reply, which may have several lines.</summary>
    /// <exception cref="IOException">The connection ended, or what came is not SMTP.</exception>
    public async Task<SmtpReply> ReadAsync(CancellationToken cancel)
    {
        var lines = new List<string>();
        while (lines.Count < MaxLines)
        {
            var line = await ReadLineAsync(cancel);
            if (SmtpReply.Parse(line) is not var (code, more, text))
                throw new IOException($"the answer is not SMTP: {OneLine.Of(line, 100)}");
            lines.Add(text);
            if (!more)
                return new SmtpReply(code, lines);
        }

        throw new IOException($"the answer has more than {MaxLines} lines");
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        client.Dispose();
    }

    private async Task<string> ReadLineAsync(CancellationToken cancel)
    {
        var line = new StringBuilder();
        while (line.Length <= MaxLine)
        {
            if (_start == _end)
                (_start, _end) = (0, await _stream.ReadAsync(_buffer, cancel));
            if (_end == 0)
                throw new IOException("the connection ended without an answer");
            var next = _buffer[_start++];
            if (next == '\n')
                return line.ToString().TrimEnd('\r');
            line.Append((char)next);
        }

        throw new IOException($"the answer has a line of more than {MaxLine} characters");
    }

    /// <summary>A line that begins with a point gets another one, because a point alone ends the message (RFC 5321, section 4.5.2).</summary>
    private static byte[] Stuffed(byte[] message)
    {
        var stuffed = new List<byte>(message.Length + 16);
        for (var i = 0; i < message.Length; i++)
        {
            if (message[i] == '.' && (i == 0 || message[i - 1] == '\n'))
                stuffed.Add((byte)'.');
            stuffed.Add(message[i]);
        }

        if (!message.AsSpan().EndsWith("\r\n"u8))
            stuffed.AddRange("\r\n"u8);
        stuffed.AddRange(".\r\n"u8);
        return [.. stuffed];
    }
}
