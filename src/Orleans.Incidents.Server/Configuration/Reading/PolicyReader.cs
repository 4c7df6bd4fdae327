using Incidents.Escalation;
using Incidents.Server.Configuration.Yaml;
using NodaTime;

namespace Incidents.Server.Configuration.Reading;

/// <summary>Reads one of <c>policies</c>.</summary>
internal static class PolicyReader
{
    private const int MaxRepeat = 100;

    private static readonly Duration DefaultTimeout = Duration.FromMinutes(5);

    public static PolicyDefinition Read(string id, Value value, Names responders)
    {
        var fields = value.Fields(Shapes.Policy);
        var steps = fields["steps"]?.Items() ?? [];
        if (steps.IsEmpty && fields["steps"] is { Node: ListNode or ScalarNode { IsNull: true } } empty)
            empty.Error("needs at least one step");
        return new PolicyDefinition(id, [.. steps.Select(s => ReadStep(s, responders))], fields["repeat"]?.Number(0, MaxRepeat) ?? 0);
    }

    private static PolicyStep ReadStep(Value value, Names responders)
    {
        var fields = value.Fields(Shapes.Step);
        var targets = fields["targets"]?.Items() ?? [];
        if (targets.IsEmpty && fields["targets"] is { Node: ListNode or ScalarNode { IsNull: true } } empty)
            empty.Error("needs at least one responder");
        var ids = targets.Select(t => (Id: responders.Resolve(t), Value: t)).ToArray();
        foreach (var again in ids.GroupBy(t => t.Id).Where(g => g.Key.Length > 0).SelectMany(g => g.Skip(1)))
            again.Value.Error($"{ErrorList.Quote(again.Id)} is in this step already");
        return new PolicyStep([.. ids.Select(t => t.Id)], fields["timeout"]?.Wait() ?? DefaultTimeout);
    }
}
