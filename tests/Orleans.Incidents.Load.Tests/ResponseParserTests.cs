using System.Text;
using Incidents.Load.Traffic;

namespace Incidents.Load.Tests;

public sealed class ResponseParserTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200)]
    [InlineData("HTTP/1.1 202 Accepted\r\ncontent-length:2\r\nX: y\r\n\r\n{}", 202)]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", 204)]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy", 503)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nab\r\n\r\nA\r\n0123456789\r\n0\r\n\r\n", 200)]
    public void A_whole_answer_is_complete_and_every_part_of_it_is_not(string answer, int status)
    {
        var bytes = Encoding.ASCII.GetBytes(answer);
        Assert.Equal(new Response(ResponseState.Complete, status, bytes.Length), ResponseParser.Read(bytes));
        for (var length = 0; length < bytes.Length; length++)
            Assert.Equal(ResponseState.Incomplete, ResponseParser.Read(bytes.AsSpan(0, length)).State);
    }

    [Theory]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nuntil the end")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    public void What_ends_the_connection_or_is_no_answer_is_malformed(string answer) =>
        Assert.Equal(ResponseState.Malformed, ResponseParser.Read(Encoding.ASCII.GetBytes(answer)).State);

    [Fact]
    public void Bytes_behind_an_answer_are_not_part_of_it() =>
        Assert.Equal(41, ResponseParser.Read("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1"u8).Length);
}
