using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Codec;
using Incidents.Engine.Views;
using Incidents.Letters;
using Incidents.Pages;
using Incidents.Responders;

namespace Incidents.Journal.Sqlite;

/// <summary>The table of what waits for an operator: dead letters, and pages that were given up. In the file of <see cref="IncidentTable"/>.</summary>
internal sealed class LetterTable(Database database)
{
    public const string Make =
        "CREATE TABLE letter (n INTEGER PRIMARY KEY, kind INTEGER NOT NULL, id TEXT NOT NULL UNIQUE, since INTEGER NOT NULL, target TEXT NOT NULL, type TEXT NOT NULL, incident TEXT, " +
        "attempts INTEGER NOT NULL, why TEXT NOT NULL); ";

    public void Apply(StoredEvent stored)
    {
        var e = stored.Envelope;
        if (e.Type is not ("letter.kept" or "letter.retried" or "letter.discarded" or "page.given-up" or "page.retried" or "page.discarded"))
            return;
        var id = StreamId.Parse(e.Stream).Key;
        switch (stored.Happened)
        {
            case LetterKept kept:
                var type = kept.Command is { } command ? Payloads.NameOf(command) : "";
                Put(stored, LetterKind.Message, id, kept.To.ToString(), type, LetterSubject.Incident(kept.To, kept.Command), kept.Attempts, kept.Why);
                break;
            case PageGivenUp lost when !TestRules.IsTest(id):
                Put(stored, LetterKind.Page, id, e.Stream, "page:deliver", LetterSubject.OfPage(id), lost.Attempt, $"{lost.Why}: {lost.Detail}");
                break;
            default:
                var delete = database.Prepare("DELETE FROM letter WHERE id=?1");
                delete.Begin();
                delete.Bind(id).Run();
                break;
        }
    }

    public IReadOnlyList<LetterRow> List(LetterKind? kind, long before, int limit)
    {
        var rows = new List<LetterRow>();
        var list = database.Prepare("SELECT n, kind, id, since, target, type, incident, attempts, why FROM letter WHERE (?1=-1 OR kind=?1) AND n<?2 ORDER BY n DESC LIMIT ?3");
        using (list.Begin())
        {
            list.Bind(kind is { } one ? (long)one : -1).Bind(before == 0 ? long.MaxValue : before).Bind(limit);
            while (list.Step())
                rows.Add(new LetterRow(list.Long(0), (LetterKind)list.Long(1), list.Text(2), Time.Instant(list.Long(3)), list.Text(4), list.Text(5), list.TextOrNull(6), list.Long(7), list.Text(8)));
        }

        return rows;
    }

    public IReadOnlyDictionary<LetterKind, long> Count()
    {
        var counts = Enum.GetValues<LetterKind>().ToDictionary(k => k, _ => 0L);
        var rows = database.Prepare("SELECT kind, count(*) FROM letter GROUP BY kind");
        using (rows.Begin())
        {
            while (rows.Step())
                counts[(LetterKind)rows.Long(0)] = rows.Long(1);
        }

        return counts;
    }

    private void Put(StoredEvent stored, LetterKind kind, string id, string target, string type, string? incident, long attempts, string why)
    {
        var put = database.Prepare("INSERT OR REPLACE INTO letter VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9)");
        put.Begin();
        put.Bind(stored.Number).Bind((long)kind).Bind(id).Bind(stored.Envelope.Time).Bind(target).Bind(type).Bind(incident).Bind(attempts).Bind(why).Run();
    }
}
