using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Identities;
using Incidents.Journal;
using Incidents.Services;

namespace Incidents.Server.Hosting;

/// <summary>What a start has to tell the person who started it; tokens are known only where this start made them.</summary>
internal sealed record Welcome(bool IsFirst, string? AdminToken, string? RoutingKey, bool HasFile)
{
    /// <summary>Whether the administrator's token is the environment's: whoever set it knows it, and logs must not.</summary>
    public bool IsGiven { get; init; }
}

/// <summary>Brings the catalogue to what this start asks for.</summary>
internal static class Catalogues
{
    private static readonly Caller Starter = new("starter", IdentityKind.Service);

    // A cluster that begins needs a moment until every shard has its owner.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Brings the catalogue to what this start asks for; one process at a time, and again where nobody answered for a part of it.</summary>
    /// <exception cref="JournalRefusedException">Nobody answers; one line.</exception>
    public static async Task<Welcome> PrepareAsync(CatalogueKeeper keeper, Runtime runtime, Catalogue? file, string? adminToken, CancellationToken stop)
    {
        using var turn = await runtime.PrepareAsync(stop);
        var started = runtime.World.GetTimestamp();
        var fresh = Hosting.Starter.NewToken();
        while (true)
        {
            try
            {
                return await PrepareAsync(keeper, runtime, file, adminToken, fresh);
            }
            catch (OwnerUnreachableException unreachable)
            {
                stop.ThrowIfCancellationRequested();
                if (runtime.World.GetElapsedTime(started) > Patience)
                    throw new JournalRefusedException($"the cluster does not come up: {unreachable.Message}");
            }
        }
    }

    private static async Task<Welcome> PrepareAsync(CatalogueKeeper keeper, Runtime runtime, Catalogue? file, string? adminToken, string fresh)
    {
        var now = Time.Now(runtime.World);
        var known = keeper.Read(null);
        var hasAdmin = known.Identities.TryGetValue(Hosting.Starter.Admin, out var admin);
        var made = string.IsNullOrEmpty(adminToken) && (!hasAdmin || admin!.CredentialHash == Edge.Registry.Hash(fresh)) ? fresh : null;
        var token = string.IsNullOrEmpty(adminToken) ? made : adminToken;
        var isGiven = !string.IsNullOrEmpty(adminToken);
        if (token is not null && admin?.CredentialHash != Edge.Registry.Hash(token))
            admin = Hosting.Starter.AdminIdentity(token, now);
        var withAdmin = Catalogue.Empty with { Identities = Catalogue.Empty.Identities.Add(Hosting.Starter.Admin, admin!) };
        if (file?.Watchdog is not null || file is null)
            withAdmin = withAdmin with { Identities = withAdmin.Identities.Add(WatchdogDefinition.Identity, Hosting.Starter.WatchdogIdentity(known, now)) };
        if (file is not null)
        {
            await keeper.ApplyAsync(withAdmin, Starter);
            await keeper.ApplyAsync(file, Caller.Config);
            return new Welcome(runtime.IsNew, made, null, true) { IsGiven = isGiven };
        }

        if (known.Route is not null)
        {
            await keeper.ApplyAsync(withAdmin, Starter);
            return new Welcome(false, made, null, false) { IsGiven = isGiven };
        }

        var (catalogue, tokens) = Hosting.Starter.Make(admin!, now);
        await keeper.ApplyAsync(catalogue with { Identities = catalogue.Identities.SetItems(withAdmin.Identities) }, Starter);
        return new Welcome(true, made, tokens["pagerduty"], false) { IsGiven = isGiven };
    }
}
