using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Views;
using Incidents.Incidents;
using Incidents.Letters;
using Incidents.Pages;
using Incidents.Responders;
using NodaTime;

namespace Incidents.Journal.Sqlite;

/// <summary>The table of what goes on by itself at a known time: escalations and pages. In the file of <see cref="IncidentTable"/>.</summary>
internal sealed class WaitingTable(Database database)
{
    public const string Make =
        "CREATE TABLE waiting (id TEXT PRIMARY KEY, kind INTEGER NOT NULL, due INTEGER NOT NULL) WITHOUT ROWID; CREATE INDEX waiting_by_due ON waiting (kind, due); ";

    public void Apply(StoredEvent stored)
    {
        var e = stored.Envelope;
        switch (e.Type)
        {
            // Most of these say all that matters here by their names: a page's content is not read to say that it ended.
            case "page.attempt-started":
                if (IdOf(e) is var page && !TestRules.IsTest(page))
                    Put(page, WaitingKind.Page, Time.Instant(e.Time) + PageRules.LostAfter);
                break;
            case "page.delivered" or "page.given-up" or "page.withdrawn" or "page.discarded" or "incident.escalation-exhausted" or "incident.acknowledged" or "incident.resolved" or "incident.closed":
                Delete(IdOf(e));
                break;
            case "responder.paged" or "letter.kept" or "incident.step-paged" or "incident.escalation-lapsed" or "page.attempt-failed":
                Apply(e, stored.Happened);
                break;
            default:
                break;
        }
    }

    private void Apply(Envelope e, IEvent happened)
    {
        switch (happened)
        {
            case StepPaged { Due: { } due }: Put(IdOf(e), WaitingKind.Escalation, due); break;
            case EscalationLapsed lapsed: Put(IdOf(e), WaitingKind.Lapsed, lapsed.Due); break;
            case ResponderPaged paged:
                foreach (var page in paged.Pages)
                    Put(page, WaitingKind.Page, Time.Instant(e.Time));
                break;
            case PageAttemptFailed failed: Put(IdOf(e), WaitingKind.Page, failed.NextAt); break;
            case LetterKept { To.Kind: ActorKind.Page } kept: Delete(kept.To.Key); break;
            default: break;
        }
    }

    private static string IdOf(Envelope e) => StreamId.Parse(e.Stream).Key;

    public IReadOnlyList<WaitingRow> List(WaitingKind kind, Instant before, int limit)
    {
        var rows = new List<WaitingRow>();
        var list = database.Prepare("SELECT id, due FROM waiting WHERE kind=?1 AND due<?2 ORDER BY due LIMIT ?3");
        using (list.Begin())
        {
            list.Bind((long)kind).Bind(Time.Nanoseconds(before)).Bind(limit);
            while (list.Step())
                rows.Add(new WaitingRow(list.Text(0), Time.Instant(list.Long(1))));
        }

        return rows;
    }

    public long Count(WaitingKind kind, Instant before, int most)
    {
        var count = database.Prepare("SELECT count(*) FROM (SELECT 1 FROM waiting WHERE kind=?1 AND due<?2 LIMIT ?3)");
        using (count.Begin())
            return count.Bind((long)kind).Bind(Time.Nanoseconds(before)).Bind(most).Step() ? count.Long(0) : 0;
    }

    private void Put(string id, WaitingKind kind, Instant due)
    {
        var put = database.Prepare("INSERT OR REPLACE INTO waiting VALUES (?1,?2,?3)");
        put.Begin();
        put.Bind(id).Bind((long)kind).Bind(Time.Nanoseconds(due)).Run();
    }

    private void Delete(string id)
    {
        var delete = database.Prepare("DELETE FROM waiting WHERE id=?1");
        delete.Begin();
        delete.Bind(id).Run();
    }
}
