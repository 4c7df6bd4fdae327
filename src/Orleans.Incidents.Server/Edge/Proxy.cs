using Microsoft.AspNetCore.HttpOverrides;

namespace Incidents.Server.Edge;

/// <summary>What <c>--behind-proxy</c> says: whoever connects is the proxy, wherever it is, and its word on scheme and sender counts. Nothing is allowed by either.</summary>
internal static class Proxy
{
    public static void Use(IApplicationBuilder app)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };

        // By default only a proxy on this machine is believed; an ingress is on another.
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        app.UseForwardedHeaders(options);
    }
}
