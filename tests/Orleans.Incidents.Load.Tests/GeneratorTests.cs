using System.Net;
using System.Net.Sockets;
using Incidents.Load.Traffic;

namespace Incidents.Load.Tests;

public sealed class GeneratorTests
{
    private static readonly byte[][] Requests = ["POST / HTTP/1.1\r\n\r\n"u8.ToArray()];

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("0.0.0.0")]
    public void An_address_beyond_loopback_is_refused(string address) =>
        Assert.Throws<LoadException>(() => new Generator(new IPEndPoint(IPAddress.Parse(address), 9), Requests, 1));

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 10, 0, 0)]
    [InlineData("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", 0, 10, 0)]
    [InlineData("nonsense\r\n\r\n", 0, 0, 1)]
    [InlineData("", 0, 0, 1)]
    public async Task Every_answer_is_counted_as_what_it_is(string answer, long acknowledged, long refused, long broken)
    {
        using var server = new OneAnswerServer(answer);
        using var generator = new Generator(server.Address, Requests, connections: 1, mostRequests: 10);
        await generator.Finished;
        var tally = await generator.EndAsync();
        Assert.Equal((acknowledged, refused, broken), (tally.Acknowledged, tally.Refused.GetValueOrDefault(503), tally.ConnectionErrors));
        Assert.Equal(acknowledged, tally.Latency.Count);
        Assert.Equal(acknowledged < 10, tally.HasErrors);
    }

    [Fact]
    public async Task A_peer_that_only_refuses_is_left_after_a_hundred()
    {
        using var server = new OneAnswerServer("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n");
        using var generator = new Generator(server.Address, Requests, connections: 1);
        await generator.Finished;
        Assert.Equal(100, (await generator.EndAsync()).Refused[401]);
    }

    /// <summary>Answers every read on its one connection with the same bytes; with none it closes.</summary>
    private sealed class OneAnswerServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public OneAnswerServer(string answer)
        {
            _listener.Start();
            _ = AnswerAsync(System.Text.Encoding.ASCII.GetBytes(answer));
        }

        public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

        public void Dispose() => _listener.Dispose();

        private async Task AnswerAsync(byte[] answer)
        {
            using var socket = await _listener.AcceptSocketAsync();
            var request = new byte[1024];
            while (await socket.ReceiveAsync(request.AsMemory()) > 0 && answer.Length > 0)
                await socket.SendAsync(answer.AsMemory());
        }
    }
}
