using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Delivery;
using Incidents.Engine;
using Incidents.Engine.Views;
using Incidents.Grouping;
using Incidents.Incidents;
using NodaTime;

namespace Incidents.Journal.Sqlite;

/// <summary>One file with the incident list, and beside it what waits for an operator or for its time, as of one position. Not thread-safe.</summary>
internal sealed class IncidentTable : IDisposable
{
    private const int Shape = 7;

    private readonly Database _database;

    private IncidentTable(Database database) => (_database, Letters, Waiting) = (database, new LetterTable(database), new WaitingTable(database));

    /// <summary>What waits for an operator.</summary>
    public LetterTable Letters { get; }

    /// <summary>What goes on by itself.</summary>
    public WaitingTable Waiting { get; }

    /// <summary>The file as it is; <see langword="null"/>: it is of another shape, damaged, or not there.</summary>
    public static IncidentTable? Find(string path)
    {
        if (!File.Exists(path))
            return null;
        var table = new IncidentTable(new Database(path, readOnly: false));
        try
        {
            table.Prepare();
            if (table._database.Number("PRAGMA user_version") == Shape && table.Position >= 0)
                return table;
        }
        catch (SqliteFailureException damage) when (damage.IsDamage)
        {
            // Whatever is in it can be made anew.
        }

        table.Dispose();
        return null;
    }

    /// <summary>A new file, empty at position 0; what had the name before is gone.</summary>
    public static IncidentTable Create(string path)
    {
        DurableFile.Delete(path);
        var table = new IncidentTable(new Database(path, readOnly: false));
        table.Prepare();
        table._database.Execute(
            "BEGIN; CREATE TABLE incident (id TEXT PRIMARY KEY, service TEXT NOT NULL, title TEXT NOT NULL, severity INTEGER NOT NULL, status INTEGER NOT NULL, kind INTEGER NOT NULL, " +
            "opened INTEGER NOT NULL, updated INTEGER NOT NULL, resolved INTEGER, acknowledged_by TEXT, alerts INTEGER NOT NULL, repeats INTEGER NOT NULL, counted INTEGER NOT NULL, " +
            "problems INTEGER NOT NULL, pages INTEGER NOT NULL, flapping INTEGER, acknowledged_until INTEGER) WITHOUT ROWID; " +
            "CREATE INDEX incident_by_status ON incident (status, id); CREATE TABLE projected (position INTEGER NOT NULL); INSERT INTO projected VALUES (0); " +
            LetterTable.Make + WaitingTable.Make + $"PRAGMA user_version={Shape}; COMMIT");
        return table;
    }

    public long Position => _database.Number("SELECT position FROM projected");

    public void Apply(IReadOnlyList<StoredEvent> events, long position)
    {
        try
        {
            _database.Execute("BEGIN IMMEDIATE");
            foreach (var stored in events)
            {
                Apply(stored);
                Letters.Apply(stored);
                Waiting.Apply(stored);
            }

            Run("UPDATE projected SET position=?1", s => s.Bind(position));
            _database.Execute("COMMIT");
        }
        finally
        {
            if (!_database.AutoCommit)
                _database.Execute("ROLLBACK");
        }
    }

    public IReadOnlyList<IncidentRow> List(IncidentFilter filter)
    {
        var rows = new List<IncidentRow>();
        var list = _database.Prepare(
            "SELECT id, service, title, severity, status, kind, opened, updated, resolved, acknowledged_by, alerts, repeats, counted, problems, pages, flapping, acknowledged_until FROM incident " +
            "WHERE (?1=-1 OR status=?1) AND (?2=-1 OR severity=?2) AND (?3 IS NULL OR service=?3) AND (?4=0 OR status<=2) AND (?5 IS NULL OR id<?5) ORDER BY id DESC LIMIT ?6");
        using (list.Begin())
        {
            list.Bind(filter.Status is { } status ? (long)status : -1).Bind(filter.Severity is { } severity ? (long)severity : -1).Bind(filter.Service)
                .Bind(filter.OpenOnly ? 1 : 0).Bind(filter.Before).Bind(filter.Limit);
            while (list.Step())
                rows.Add(Row(list));
        }

        return rows;
    }

    public IReadOnlyDictionary<IncidentStatus, long> Count()
    {
        var counts = Enum.GetValues<IncidentStatus>().ToDictionary(s => s, _ => 0L);
        var rows = _database.Prepare("SELECT status, count(*) FROM incident GROUP BY status");
        using (rows.Begin())
        {
            while (rows.Step())
                counts[(IncidentStatus)rows.Long(0)] = rows.Long(1);
        }

        return counts;
    }

    public void Dispose() => _database.Dispose();

    private void Prepare() => _database.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF");

    private static IncidentRow Row(Statement s) => new(
        s.Text(0), s.Text(1), s.Text(2), (Severity)s.Long(3), (IncidentStatus)s.Long(4), (IncidentKind)s.Long(5), Time.Instant(s.Long(6)), Time.Instant(s.Long(7)),
        s.IsNull(8) ? null : Time.Instant(s.Long(8)), s.TextOrNull(9), s.Long(10), s.Long(11), Time.Instant(s.Long(12)), s.Long(13), s.Long(14),
        s.IsNull(15) ? null : s.Long(15), s.IsNull(16) ? null : Time.Instant(s.Long(16)));

    private void Apply(StoredEvent stored)
    {
        var e = stored.Envelope;
        if (e.Type is not ("group.alert-fired" or "group.alerts-repeated") && !e.Type.StartsWith("incident.", StringComparison.Ordinal))
            return;
        var id = e.Stream[(e.Stream.IndexOf('/', StringComparison.Ordinal) + 1)..];
        switch (stored.Happened)
        {
            case IncidentOpened o:
                Run("INSERT OR REPLACE INTO incident VALUES (?1,?2,?3,?4,?5,?6,?7,?7,NULL,NULL,1,0,?7,1,0,NULL,NULL)", s => s
                    .Bind(id).Bind(o.Service).Bind(o.Title).Bind((long)o.Severity).Bind((long)o.Status).Bind((long)o.Kind).Bind(Time.Nanoseconds(o.At)));
                break;
            case StepPaged: Set(id, e, "status=2"); break;
            case SeverityChanged c: Set(id, e, "severity=?3", s => s.Bind((long)c.To)); break;
            case IncidentAcknowledged k: Set(id, e, "status=2, acknowledged_by=?3, acknowledged_until=?4", s => Bind(s.Bind(k.By), k.Until)); break;
            case AcknowledgementRenewed n: Set(id, e, "acknowledged_until=?3", s => Bind(s, n.Until)); break;
            case AcknowledgementExpired p: Set(id, e, "status=?3, acknowledged_by=NULL, acknowledged_until=NULL", s => s.Bind((long)p.Status)); break;
            case IncidentResolved x: Set(id, e, "status=3, acknowledged_until=NULL, resolved=?3, flapping=NULL", s => s.Bind(Time.Nanoseconds(x.At))); break;
            case IncidentReopened r: Set(id, e, "status=?3, resolved=NULL, acknowledged_by=NULL", s => s.Bind((long)r.Status)); break;
            case IncidentClosed: Set(id, e, "status=4"); break;
            case IncidentFlapped { IsOver: true }: Set(id, e, "flapping=NULL"); break;
            case IncidentFlapped f: Set(id, e, "flapping=?3", s => s.Bind(f.Times)); break;
            case ProblemJoined: Set(id, e, "alerts=alerts+1, problems=problems+1"); break;
            case PageReported { Verdict: DeliveryVerdict.Delivered }: Set(id, e, "pages=pages+1"); break;
            case AlertFired f: Set(f.Incident, e, "alerts=alerts+1, counted=max(counted, ?2)"); break;
            case AlertsRepeated a: Set(a.Incident, e, "repeats=repeats+?3, counted=max(counted, ?2)", s => s.Bind(a.Count)); break;
            default: break;
        }
    }

    private void Set(string id, Envelope e, string what, Func<Statement, Statement>? bind = null) =>
        Run($"UPDATE incident SET updated=max(updated, ?2), {what} WHERE id=?1", s => (bind ?? (x => x))(s.Bind(id).Bind(e.Time)));

    private static Statement Bind(Statement s, Instant? at) => at is { } known ? s.Bind(Time.Nanoseconds(known)) : s.Bind((string?)null);

    private void Run(string sql, Func<Statement, Statement> bind)
    {
        var statement = _database.Prepare(sql);
        statement.Begin();
        bind(statement).Run();
    }
}
