using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;

namespace Incidents.Load.Traffic;

/// <summary>One keep-alive connection with one request in flight: send, read the answer, take the next.</summary>
internal sealed class Connection : IDisposable
{
    /// <summary>Past this the peer is not being measured but refusing.</summary>
    private const int MostRefusals = 100;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _received;

    /// <summary>What this connection saw. Read it only when <see cref="RunAsync"/> has ended.</summary>
    public Tally Tally { get; } = new();

    /// <summary>Runs until the queue ends, the connection breaks, or too many requests are refused. Does not throw for the peer's faults.</summary>
    public async Task RunAsync(IPEndPoint address, IRequestSource source)
    {
        try
        {
            await _socket.ConnectAsync(address);
            while (Tally.Refused.Count == 0 || Tally.Refused.Values.Sum() < MostRefusals)
            {
                if (await source.NextAsync() is not { } shot)
                    return;
                await OneAsync(shot, source);
            }
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException or IOException)
        {
            Tally.Break(broken.Message);
        }
    }

    /// <summary>Closes the connection; a request still waiting then counts as broken.</summary>
    public void Dispose() => _socket.Dispose();

    private async ValueTask OneAsync(Shot shot, IRequestSource source)
    {
        var status = await ExchangeAsync(shot.Request);
        if (status is >= 200 and < 300)
            Tally.Accept((long)Stopwatch.GetElapsedTime(shot.Since).TotalNanoseconds, source.Counting);
        else
            Tally.Refuse(status, Encoding.UTF8.GetString(_buffer, 0, _received));
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ExchangeAsync(byte[] request)
    {
        for (var sent = 0; sent < request.Length;)
            sent += await _socket.SendAsync(request.AsMemory(sent), SocketFlags.None);
        _received = 0;
        while (true)
        {
            var count = await _socket.ReceiveAsync(_buffer.AsMemory(_received), SocketFlags.None);
            if (count == 0)
                throw new IOException(_received == _buffer.Length ? "answer longer than 64 KiB" : "connection closed by the server");
            _received += count;
            var answer = ResponseParser.Read(_buffer.AsSpan(0, _received));
            if (answer.State == ResponseState.Complete && answer.Length == _received)
                return answer.Status;
            if (answer.State != ResponseState.Incomplete)
                throw new IOException($"unusable answer: {Encoding.UTF8.GetString(_buffer, 0, Math.Min(_received, 300))}");
        }
    }
}
