using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Identities;
using Incidents.Services;

namespace Incidents.Server.Hosting;

/// <summary>What a start has to tell the person who started it; tokens are known only where this start made them.</summary>
internal sealed record Welcome(bool IsFirst, string? AdminToken, string? RoutingKey, bool HasFile);

/// <summary>Brings the catalogue to what this start asks for.</summary>
internal static class Catalogues
{
    private static readonly Caller Starter = new("starter", IdentityKind.Service);

    public static async Task<Welcome> PrepareAsync(CatalogueKeeper keeper, Runtime runtime, Catalogue? file, string? adminToken)
    {
        var now = Time.Now(runtime.World);
        var known = keeper.Read(null);
        var hasAdmin = known.Identities.TryGetValue(Hosting.Starter.Admin, out var admin);
        var token = !string.IsNullOrEmpty(adminToken) ? adminToken : hasAdmin ? null : Hosting.Starter.NewToken();
        if (token is not null && admin?.CredentialHash != Edge.Registry.Hash(token))
            admin = Hosting.Starter.AdminIdentity(token, now);
        var withAdmin = Catalogue.Empty with { Identities = Catalogue.Empty.Identities.Add(Hosting.Starter.Admin, admin!) };
        if (file?.Watchdog is not null || file is null)
            withAdmin = withAdmin with { Identities = withAdmin.Identities.Add(WatchdogDefinition.Identity, Hosting.Starter.WatchdogIdentity(known, now)) };
        if (file is not null)
        {
            await keeper.ApplyAsync(withAdmin, Starter);
            await keeper.ApplyAsync(file, Caller.Config);
            return new Welcome(runtime.IsNew, token, null, true);
        }

        if (known.Route is not null)
        {
            await keeper.ApplyAsync(withAdmin, Starter);
            return new Welcome(false, token, null, false);
        }

        var (catalogue, tokens) = Hosting.Starter.Make(admin!, now);
        await keeper.ApplyAsync(catalogue with { Identities = catalogue.Identities.SetItems(withAdmin.Identities) }, Starter);
        return new Welcome(true, token, tokens["pagerduty"], false);
    }
}
