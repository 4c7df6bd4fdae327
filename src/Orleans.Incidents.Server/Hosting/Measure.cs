using System.Diagnostics.Metrics;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Engine;
using Incidents.Engine.Delivery;
using Incidents.Engine.Turns;
using Incidents.Incidents;
using Incidents.Letters;
using Incidents.Pages;
using Incidents.Responders;
using Incidents.Server.Watching;
using Incidents.Services;

namespace Incidents.Server.Hosting;

/// <summary>
/// The counters. Outcomes count behind the flush that makes them true. Each has its row in docs/operations.md.
/// </summary>
internal static class Measure
{
    public const string Meter = "Incidents";

    /// <summary>The meter that all instruments belong to.</summary>
    public static Meter Source { get; } = new(Meter);

    private static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private static readonly Counter<long> AlertsAccepted = Source.CreateCounter<long>("incidents.alerts.accepted", description: "Alerts that are durable, by outcome.");
    private static readonly Counter<long> AlertsRefused = Source.CreateCounter<long>("incidents.alerts.refused", description: "Requests and alerts that were not accepted, by reason.");
    private static readonly Counter<long> Opened = Source.CreateCounter<long>("incidents.opened", description: "Incidents opened, by kind and severity.");
    private static readonly Counter<long> Exhausted = Source.CreateCounter<long>("incidents.escalations.exhausted", description: "Escalations that paged everybody and found nobody.");
    private static readonly Counter<long> Storms = Source.CreateCounter<long>("incidents.storms.started", description: "Storms: an identity is past a service's opening budget.");
    private static readonly Counter<long> Joined = Source.CreateCounter<long>("incidents.storms.joined", description: "Problems past the budget that joined a storm incident.");
    private static readonly Counter<long> SetAside = Source.CreateCounter<long>("incidents.messages.set_aside", description: "Messages kept aside, because they could not be decided on or stored.");
    private static readonly Counter<long> PagesEnqueued = Source.CreateCounter<long>("incidents.pages.enqueued", description: "Pages made, one a contact.");
    private static readonly Counter<long> PageAttempts = Source.CreateCounter<long>("incidents.page.attempts", description: "Attempts to deliver a page, by channel and reason.");
    private static readonly Counter<long> PagesEnded = Source.CreateCounter<long>("incidents.pages.ended", description: "Pages delivered, given up or withdrawn.");
    private static readonly Counter<long> Flushes = Source.CreateCounter<long>("incidents.journal.flushes", description: "Flushes that are durable.");
    private static readonly Counter<long> FlushFailures = Source.CreateCounter<long>("incidents.journal.flush.failures", description: "Flushes that are not durable, by how they ended.");
    private static readonly Counter<long> Events = Source.CreateCounter<long>("incidents.journal.events", description: "Events that are durable.");
    private static readonly Counter<long> Unforeseen = Source.CreateCounter<long>("incidents.errors.unforeseen", description: "Requests answered 500: defects of the server.");
    private static readonly Counter<long> Heartbeats = Source.CreateCounter<long>("incidents.watchdog.heartbeats", description: "Calls of the outward heartbeat, by how they ended.");
    private static readonly Counter<long> Beats = Source.CreateCounter<long>("incidents.beats", description: "Heartbeats of senders that were taken in, by what became of them.");
    private static readonly Histogram<double> Latency = Timed("incidents.intake.duration", "From a request's last byte to its durable answer.");
    private static readonly Histogram<double> FlushTime = Timed("incidents.journal.flush.duration", "One transaction of the journal, its sync included.");
    private static readonly Histogram<double> AttemptTime = Timed("incidents.page.attempt.duration", "One attempt to deliver a page, by channel.");

    /// <summary>Series that rules look at are there from the start: a first failure must be seen as an increase.</summary>
    public static void Begin(IEnumerable<string> channels)
    {
        foreach (var counter in new[] { Exhausted, Storms, Joined, SetAside, PagesEnqueued, Flushes, Events, Unforeseen })
            counter.Add(0);
        foreach (var reason in new[] { Reason.Overloaded, Reason.OverRequestBudget, Reason.NoCredential, Reason.WrongCredential, Reason.CredentialExpired, Reason.NoRoute })
            Refused(reason, 0);
        foreach (var outcome in new[] { "delivered", "given_up" })
            PagesEnded.Add(0, new KeyValuePair<string, object?>("outcome", outcome));
        foreach (var status in new[] { FlushStatus.Lost, FlushStatus.Rejected, FlushStatus.Unknown })
            FlushFailures.Add(0, new KeyValuePair<string, object?>("status", Name(status)));
        foreach (var outcome in new[] { "repeated", "decided" })
            AlertsAccepted.Add(0, new KeyValuePair<string, object?>("outcome", outcome));
        foreach (var outcome in new[] { "stored", "near", "failed" })
            Beat(outcome, 0);
        foreach (var outcome in Enum.GetValues<HeartbeatOutcome>())
            Heartbeat(outcome, 0);
        foreach (var channel in channels)
            PageAttempts.Add(0, new("channel", channel), new("reason", nameof(DeliveryReason.Accepted)));
    }

    public static void FlushEnded(FlushStatus status, TimeSpan took)
    {
        FlushTime.Record(took.TotalSeconds);
        if (status != FlushStatus.Committed)
            FlushFailures.Add(1, new KeyValuePair<string, object?>("status", Name(status)));
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

    public static void Beat(string outcome, long count = 1) => Beats.Add(count, new KeyValuePair<string, object?>("outcome", outcome));

    public static void Heartbeat(HeartbeatOutcome outcome, long count = 1) =>
        Heartbeats.Add(count, new KeyValuePair<string, object?>("outcome", outcome.ToString().ToLowerInvariant()));

    public static void Answered(TimeSpan after) => Latency.Record(after.TotalSeconds);

    public static void Failed() => Unforeseen.Add(1);

    public static void Attempt(AttemptReport report)
    {
        PageAttempts.Add(1, new("channel", report.Page.Contact.Channel), new("reason", report.Result.Reason.ToString()));
        AttemptTime.Record(report.Took.TotalSeconds, new KeyValuePair<string, object?>("channel", report.Page.Contact.Channel));
    }

    private static string Name(FlushStatus status) => status.ToString().ToLowerInvariant();

    private static Histogram<double> Timed(string name, string description) =>
        Source.CreateHistogram(name, "s", description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });

    private static bool IsTest(StreamId stream) => stream.Kind == ActorKind.Page && TestRules.IsTest(stream.Key);

    private static void Count(object happened)
    {
        switch (happened)
        {
            case IncidentOpened o:
                Opened.Add(1, new("kind", o.Kind.ToString().ToLowerInvariant()), new("severity", o.Severity.Name()));
                break;
            case EscalationExhausted:
                Exhausted.Add(1);
                break;
            case LetterKept:
                SetAside.Add(1);
                break;
            case StormStarted:
                Storms.Add(1);
                break;
            case ProblemJoinedStorm:
                Joined.Add(1);
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
