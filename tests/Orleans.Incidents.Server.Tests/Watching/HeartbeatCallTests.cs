using System.Net;
using Incidents.Integrations.Delivery;
using Incidents.Server.Watching;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Incidents.Server.Tests.Watching;

/// <summary>How a call of the outward heartbeat ends, by a receiver on a loopback port.</summary>
public sealed class HeartbeatCallTests : IAsyncLifetime
{
    private readonly WebApplication _receiver;
    private int _elsewhere;

    public HeartbeatCallTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _receiver = builder.Build();
        _receiver.MapGet("/yes", () => "OK");
        _receiver.MapGet("/no", () => TypedResults.StatusCode(404));
        _receiver.MapGet("/away", () => TypedResults.Redirect("/elsewhere"));
        _receiver.MapGet("/elsewhere", () => Interlocked.Increment(ref _elsewhere));
    }

    [Theory]
    [InlineData("/yes", nameof(HeartbeatOutcome.Sent))]
    [InlineData("/no", nameof(HeartbeatOutcome.Refused))]
    [InlineData("/away", nameof(HeartbeatOutcome.Refused))]
    public async Task What_the_receiver_says_counts_and_a_redirect_leads_nowhere(string path, string expected)
    {
        Assert.Equal(expected, (await CallAsync(_receiver.Urls.First() + path)).ToString());
        Assert.Equal(0, _elsewhere);
    }

    [Theory]
    [InlineData("not an address")]
    [InlineData("file:///etc/passwd")]
    [InlineData(null)]
    public async Task What_is_no_address_is_not_called(string? address) => Assert.Equal(HeartbeatOutcome.Misconfigured, await CallAsync(address));

    [Fact]
    public async Task Where_nobody_listens_it_is_unreachable()
    {
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        Assert.Equal(HeartbeatOutcome.Unreachable, await CallAsync($"http://127.0.0.1:{port}/"));
    }

    public async ValueTask InitializeAsync() => await _receiver.StartAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _receiver.StopAsync(CancellationToken.None);
        await _receiver.DisposeAsync();
    }

    private static async Task<HeartbeatOutcome> CallAsync(string? address)
    {
        using var call = new HeartbeatCall(new Secret(address), TimeProvider.System);
        return await call.CallAsync("env:BEAT", TestContext.Current.CancellationToken);
    }

    private sealed class Secret(string? value) : ISecretReader
    {
        public SecretLookup Read(string reference) => value is null ? SecretLookup.Missing("absent") : SecretLookup.Found(value);
    }
}
