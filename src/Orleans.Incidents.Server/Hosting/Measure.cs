using System.Diagnostics.Metrics;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Engine.Turns;
using Incidents.Incidents;
using Incidents.Pages;
using Incidents.Responders;

namespace Incidents.Server.Hosting;

/// <summary>The instruments. Outcomes count behind the flush that makes them true.</summary>
internal static class Measure
{
    public const string Meter = "Incidents";

    private static readonly Meter Source = new(Meter);
    private static readonly Counter<long> AlertsAccepted = Source.CreateCounter<long>("incidents.alerts.accepted", description: "Alerts that are durable, by outcome.");
    private static readonly Counter<long> AlertsRefused = Source.CreateCounter<long>("incidents.alerts.refused", description: "Requests and alerts that were not accepted, by reason.");
    private static readonly Counter<long> Opened = Source.CreateCounter<long>("incidents.opened", description: "Incidents opened, by kind and severity.");
    private static readonly Counter<long> PagesEnqueued = Source.CreateCounter<long>("incidents.pages.enqueued", description: "Pages made, one a contact.");
    private static readonly Counter<long> PageAttempts = Source.CreateCounter<long>("incidents.page.attempts", description: "Attempts to deliver a page, by channel and reason.");
    private static readonly Counter<long> PagesEnded = Source.CreateCounter<long>("incidents.pages.ended", description: "Pages delivered, given up or withdrawn.");
    private static readonly Counter<long> Flushes = Source.CreateCounter<long>("incidents.journal.flushes", description: "Flushes that are durable.");
    private static readonly Counter<long> Events = Source.CreateCounter<long>("incidents.journal.events", description: "Events that are durable.");
    private static readonly Histogram<double> Latency = Source.CreateHistogram("incidents.intake.duration", "s", "From a request's last byte to its durable answer.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] });

    /// <summary>Gauges that look at the running parts.</summary>
    public static void Observe(Runtime runtime)
    {
        Source.CreateObservableGauge("incidents.journal.position", () => runtime.Projector.Position, description: "The journal position that lists show.");
        Source.CreateObservableGauge("incidents.engine.queued", () => runtime.Host.Queued, description: "Entries that wait for the disk.");
        Source.CreateObservableGauge("incidents.dead_letters.waiting", () => runtime.Letters.CountLetters()
            .Select(c => new Measurement<long>(c.Value, new KeyValuePair<string, object?>("kind", c.Key.ToString().ToLowerInvariant()))), description: "Messages kept aside and pages given up that wait for an operator, by kind.");
        Source.CreateObservableGauge("incidents.engine.actors", () => runtime.Host.Actors, description: "Actors in memory.");
    }

    public static void Flushed(IReadOnlyList<Commit> commits)
    {
        Flushes.Add(1);
        foreach (var commit in commits)
        {
            Events.Add(commit.Events.Count);

            // A test is nobody's page: how it ends says nothing of whether people are reached.
            foreach (var happened in IsTest(commit.Slot.Stream) ? [] : commit.Happened)
                Count(happened);
        }
    }

    public static void Accepted(long repeats, long others)
    {
        if (repeats > 0)
            AlertsAccepted.Add(repeats, new KeyValuePair<string, object?>("outcome", "repeated"));
        if (others > 0)
            AlertsAccepted.Add(others, new KeyValuePair<string, object?>("outcome", "decided"));
    }

    public static void Refused(Reason reason, long count) => AlertsRefused.Add(count, new KeyValuePair<string, object?>("reason", reason.ToString()));

    public static void Answered(TimeSpan after) => Latency.Record(after.TotalSeconds);

    public static void Attempt(PageContent page, int attempt, DeliveryResult result) => PageAttempts.Add(
        1, new("channel", page.Contact.Channel), new("reason", result.Reason.ToString()));

    private static bool IsTest(StreamId stream) => stream.Kind == ActorKind.Page && TestRules.IsTest(stream.Key);

    private static void Count(object happened)
    {
        switch (happened)
        {
            case IncidentOpened o:
                Opened.Add(1, new("kind", o.Kind.ToString().ToLowerInvariant()), new("severity", o.Severity.Name()));
                break;
            case ResponderPaged p:
                PagesEnqueued.Add(p.Pages.Length);
                break;
            case PageDelivered:
                PagesEnded.Add(1, new KeyValuePair<string, object?>("outcome", "delivered"));
                break;
            case PageWithdrawn:
                PagesEnded.Add(1, new KeyValuePair<string, object?>("outcome", "withdrawn"));
                break;
            case PageGivenUp:
                PagesEnded.Add(1, new KeyValuePair<string, object?>("outcome", "given_up"));
                break;
            default:
                break;
        }
    }
}
