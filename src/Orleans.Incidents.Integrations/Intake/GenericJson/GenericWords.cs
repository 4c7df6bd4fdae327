using System.Collections.Frozen;
using Incidents.Alerts;

namespace Incidents.Integrations.Intake.GenericJson;

/// <summary>The words by which senders say what a signal asks for.</summary>
internal static class GenericWords
{
    private static readonly FrozenDictionary<string, AlertAction> Actions = new Dictionary<string, AlertAction>
    {
        ["trigger"] = AlertAction.Trigger, ["triggered"] = AlertAction.Trigger, ["firing"] = AlertAction.Trigger,
        ["fire"] = AlertAction.Trigger, ["open"] = AlertAction.Trigger, ["opened"] = AlertAction.Trigger,
        ["active"] = AlertAction.Trigger, ["alert"] = AlertAction.Trigger, ["alerting"] = AlertAction.Trigger,
        ["problem"] = AlertAction.Trigger, ["down"] = AlertAction.Trigger, ["failed"] = AlertAction.Trigger,
        ["acknowledge"] = AlertAction.Acknowledge, ["acknowledged"] = AlertAction.Acknowledge, ["ack"] = AlertAction.Acknowledge,
        ["resolve"] = AlertAction.Resolve, ["resolved"] = AlertAction.Resolve, ["ok"] = AlertAction.Resolve,
        ["close"] = AlertAction.Resolve, ["closed"] = AlertAction.Resolve, ["clear"] = AlertAction.Resolve,
        ["cleared"] = AlertAction.Resolve, ["recover"] = AlertAction.Resolve, ["recovered"] = AlertAction.Resolve,
        ["recovery"] = AlertAction.Resolve, ["up"] = AlertAction.Resolve, ["inactive"] = AlertAction.Resolve,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The action of a word, whatever its case: a trigger where there is none, <see langword="null"/> for an unknown one.</summary>
    public static AlertAction? Read(string? word) =>
        word is null ? AlertAction.Trigger : Actions.TryGetValue(word.Trim(), out var action) ? action : null;
}
