using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine.Turns;
using Incidents.Grouping;
using Incidents.Simulation.Store;
using NodaTime;

namespace Incidents.Simulation.Outside;

/// <summary>Draws alerts of a plan's sources, some of which have something wrong with them.</summary>
internal sealed class Drawing(Random random, Plan plan, EngineOptions options, Func<Instant> now)
{
    /// <summary>Adds an alert, which one in several times reaches two groups, or a refused one.</summary>
    public void AddAlert(List<RequestItem> items, int index, bool poison)
    {
        if (random.Next(25) == 0)
        {
            items.Add(new RequestItem { Index = index, Refused = new Refused(Reason.Malformed, "not an alert") });
            return;
        }

        var source = plan.Sources[random.Next(plan.Sources.Count)];
        var action = random.Next(20) switch { < 13 => AlertAction.Trigger, < 18 => AlertAction.Resolve, _ => AlertAction.Acknowledge };
        var flaw = poison ? (Flaw)random.Next(1, 4) : random.Next(40) switch { 0 => Flaw.Toxic, 1 => Flaw.Lethal, _ => Flaw.None };
        var alert = Alert(source, source.Keys[random.Next(source.Keys.Length)], poison ? AlertAction.Trigger : action, flaw);
        items.Add(Item(index, source, alert));

        // One alert may be routed to a second group.
        if (random.Next(12) == 0)
            items.Add(Item(index, plan.Sources.First(s => s != source && s.Identity == AlertIdentity.Labels), alert));
    }

    /// <summary>The word of a source that an alert has ended.</summary>
    public RequestItem Resolve(StreamId group, string key)
    {
        var source = plan.Sources.First(s => s.Group == group);
        return Item(0, source, Alert(source, key, AlertAction.Resolve, Flaw.None));
    }

    private static RequestItem Item(int index, Source source, Alert alert) => new() { Index = index, Group = source.Group, Signal = new Signal(alert, source.Target) };

    private Alert Alert(Source source, string key, AlertAction action, Flaw flaw)
    {
        var usual = (Severity)(key[^1] % 3);
        return new Alert
        {
            Action = action, DedupKey = flaw is Flaw.Unwritable or Flaw.Unstorable or Flaw.TooLarge ? $"{key}-{flaw}" : key,
            Identity = source.Identity, Labels = source.Target.Labels,
            Title = flaw switch
            {
                Flaw.Unstorable => $"{key} {SimJournal.Poison}",
                Flaw.Toxic => $"{key} {SimJournal.IncidentPoison}",
                Flaw.Lethal => $"{key} {Lethal.Mark}",
                Flaw.TooLarge => new string('x', options.MaxPayload),
                _ => $"{key} fails",
            },
            Severity = random.Next(12) switch { 0 => null, 1 => (Severity)random.Next(4), _ => usual },
            StartedAt = random.Next(30) == 0 ? now() : null,
            ExpiresAfter = flaw == Flaw.Unwritable ? Duration.FromDays(12_000_000) : source.ExpiresAfter,
        };
    }

    /// <summary>What may be wrong with an alert.</summary>
    private enum Flaw
    {
        None,

        /// <summary>Its end lies beyond what can be written down.</summary>
        Unwritable,

        /// <summary>The disk refuses it.</summary>
        Unstorable,

        /// <summary>It is too large.</summary>
        TooLarge,

        /// <summary>The disk refuses it as soon as it is an incident's.</summary>
        Toxic,

        /// <summary>The process dies of a timer of its incident.</summary>
        Lethal,
    }
}
