using System.Text;
using System.Text.Json;
using Incidents.Load.Requests;

namespace Incidents.Load.Tests;

public sealed class RequestSetTests
{
    [Fact]
    public void A_request_states_the_length_of_its_body_and_carries_the_token()
    {
        var (header, body) = Split(RequestSet.Covering("Load", 100, 50, "t0ken").Requests[0]);
        Assert.StartsWith("POST /api/v2/alerts HTTP/1.1\r\n", header, StringComparison.Ordinal);
        Assert.Contains("Authorization: Bearer t0ken\r\n", header, StringComparison.Ordinal);
        Assert.Contains($"Content-Length: {body.Length}\r\n", header, StringComparison.Ordinal);
    }

    [Fact]
    public void An_alert_looks_like_one_of_prometheus()
    {
        var (_, body) = Split(RequestSet.Covering("Load", 1, 1, "t").Requests[0]);
        var alert = JsonDocument.Parse(body).RootElement[0];
        Assert.Equal(6, alert.GetProperty("labels").EnumerateObject().Count());
        Assert.Equal(2, alert.GetProperty("annotations").EnumerateObject().Count());
        Assert.Equal("2026-01-01T00:00:00Z", alert.GetProperty("startsAt").GetString());
        Assert.True(alert.TryGetProperty("generatorURL", out _));
        Assert.False(alert.TryGetProperty("endsAt", out _));
    }

    [Theory]
    [InlineData(100, 50, 2)]
    [InlineData(101, 50, 3)]
    [InlineData(3, 50, 1)]
    public void Covering_names_every_key_in_full_batches(int keys, int batch, int requests)
    {
        var set = RequestSet.Covering("Load", keys, batch, "t");
        Assert.Equal(requests, set.Requests.Length);
        Assert.All(set.Requests, r => Assert.Equal(batch, Names(r).Count()));
        Assert.Equal(keys, set.Requests.SelectMany(Names).Distinct().Count());
    }

    [Fact]
    public void Once_names_every_key_exactly_once()
    {
        var names = RequestSet.Once("Problem", 101, 50, "t").Requests.SelectMany(Names).ToArray();
        Assert.Equal(101, names.Length);
        Assert.Equal(101, names.Distinct().Count());
    }

    [Fact]
    public void Two_runs_send_the_same_bytes() =>
        Assert.Equal(RequestSet.Covering("Load", 10, 5, "t").Requests, RequestSet.Covering("Load", 10, 5, "t").Requests);

    private static IEnumerable<string> Names(byte[] request) =>
        JsonDocument.Parse(Split(request).Body).RootElement.EnumerateArray()
            .Select(a => a.GetProperty("labels").GetProperty("alertname").GetString()!);

    private static (string Header, byte[] Body) Split(byte[] request)
    {
        var end = request.AsSpan().IndexOf("\r\n\r\n"u8) + 4;
        return (Encoding.ASCII.GetString(request, 0, end), request[end..]);
    }

    [Fact]
    public void An_alert_says_when_it_ends_only_where_it_is_told_to()
    {
        var ended = Encoding.UTF8.GetString(RequestSet.Once("A", 1, 1, "t", "2026-01-02T00:00:00Z").Requests[0]);
        Assert.Contains("\"endsAt\":\"2026-01-02T00:00:00Z\"", ended, StringComparison.Ordinal);
        Assert.DoesNotContain("endsAt", Encoding.UTF8.GetString(RequestSet.Once("A", 1, 1, "t").Requests[0]), StringComparison.Ordinal);
    }
}
