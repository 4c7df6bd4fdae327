using System.Net;
using Incidents.Server.Edge;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Incidents.Server.Tests.Edge;

public class ProxyTests
{
    /// <summary>The sign-in cookie is for TLS alone where the proxy had TLS, also where it is not on this machine.</summary>
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.4.5.6")]
    [InlineData("fd00::7")]
    public async Task What_connects_is_believed_on_how_it_was_reached(string proxy)
    {
        var app = new ApplicationBuilder(new ServiceCollection().AddLogging().BuildServiceProvider());
        Proxy.Use(app);
        app.Run(_ => Task.CompletedTask);
        var http = new DefaultHttpContext();
        http.Request.Scheme = "http";
        http.Connection.RemoteIpAddress = IPAddress.Parse(proxy);
        http.Request.Headers["X-Forwarded-Proto"] = "https";
        http.Request.Headers["X-Forwarded-For"] = "198.51.100.9, 203.0.113.7";

        await app.Build()(http);

        Assert.Equal((true, "203.0.113.7"), (http.Request.IsHttps, http.Connection.RemoteIpAddress.ToString()));
    }
}
