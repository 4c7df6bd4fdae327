using System.Collections.Immutable;
using Incidents.Identities;
using Incidents.Server.Configuration.Yaml;
using Incidents.Services;
using Incidents.Throttling;

namespace Incidents.Server.Configuration.Reading;

/// <summary>Reads <c>identities</c>, and takes in those that integrations imply.</summary>
internal sealed class IdentityReader
{
    // The file itself is applied under the first, and what the server finds of itself is said under the second.
    private static readonly string[] Reserved = ["config", WatchdogDefinition.Identity];

    private static readonly string[] NeededToImply = ["sponsor", "expires"];

    private readonly Dictionary<string, IdentityDefinition> _all = new(StringComparer.Ordinal);

    public IdentityReader(SecretReader secrets, ImmutableArray<(string Name, Value Value)> entries)
    {
        var read = entries.Select(e => (e.Name, Fields: e.Value.Fields(Shapes.Identity), e.Value)).ToArray();
        var kinds = read.Select(r => (r.Name, Kind: Kind(r.Fields["kind"]))).ToDictionary(k => k.Name, k => k.Kind);
        Names = new Names("identity", "identities", [.. kinds.Keys]);
        // An entry whose kind could not be read may be a human: its own error is enough.
        Humans = new Names("human", "humans", [.. kinds.Where(k => k.Value is IdentityKind.Human or null).Select(k => k.Key)]);
        foreach (var (name, fields, value) in read)
            _all[name] = Read(name, fields, value, kinds[name], secrets);
    }

    public Names Names { get; }

    private Names Humans { get; }

    public ImmutableSortedDictionary<string, IdentityDefinition> All() => _all.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Adds the identity of an integration that names none, and answers with its id.</summary>
    public string Imply(string integration, Value value, Fields fields)
    {
        var id = $"integration-{integration}";
        foreach (var required in NeededToImply.Where(k => fields[k] is null))
            fields.Missing(required, "is required where there is no identity");
        var implied = new IdentityDefinition(
            id, IdentityKind.Service, Sponsor(fields["sponsor"]), fields["expires"]?.Moment() ?? default, fields["request_budget"]?.Budget(), null, MayOperate: false);
        if (!_all.TryAdd(id, implied))
            value.Errors.Add(value.KeyAt, value.Path, $"its own identity would be {ErrorList.Quote(id)}, which is among identities already; name it with identity");
        return id;
    }

    private IdentityDefinition Read(string id, Fields fields, Value value, IdentityKind? kind, SecretReader secrets)
    {
        if (Reserved.Contains(id))
            value.Errors.Add(value.KeyAt, value.Path, id == Reserved[0] ? "this name is reserved for what the file itself does" : "this name is reserved for the server's own watchdog");
        if (kind is IdentityKind.Human)
            fields["sponsor"]?.Error("a human answers for themselves and has no sponsor");
        else if (kind is not null && fields["sponsor"] is null)
            fields.Missing("sponsor", "is required for everyone who is not a human");
        var sponsor = kind is IdentityKind.Human ? null : Sponsor(fields["sponsor"]);
        var expires = fields["expires"]?.Moment() ?? default;
        Budget? budget = fields["request_budget"]?.Budget();
        var mayOperate = fields["may_operate"]?.Flag() ?? kind is IdentityKind.Human;
        return new IdentityDefinition(id, kind ?? default, sponsor, expires, budget, secrets.TokenHash(fields["token"]), mayOperate);
    }

    private string? Sponsor(Value? value)
    {
        if (value?.Node is ScalarNode { IsNull: false } named && Names.Contains(named.Text) && !Humans.Contains(named.Text))
            value.Error($"{ErrorList.Quote(named.Text)} is not a human ({Humans.List()})");
        else
            return value is null ? null : Humans.Resolve(value);
        return null;
    }

    private static IdentityKind? Kind(Value? value)
    {
        switch (value?.Text())
        {
            case null:
                return null;
            case "human":
                return IdentityKind.Human;
            case "service":
                return IdentityKind.Service;
            case "agent":
                return IdentityKind.Agent;
            case var other:
                value.Error($"expected human, service or agent, found {ErrorList.Quote(other)}");
                return null;
        }
    }
}
