using Incidents.Engine;
using Incidents.Engine.Views;
using Incidents.Incidents;
using NodaTime;

namespace Incidents.Journal.Sqlite;

/// <summary>The incident list, what waits for an operator and what waits for its time, in a file of their own, so that its writes never share a transaction with the journal's.</summary>
public sealed class SqliteViews : IIncidentViews, ILetterViews, IWaitingViews, IDisposable
{
    private const string Unfinished = "-new";

    private readonly string _path;
    private readonly Lock _lock = new();
    private IncidentTable _table;

    /// <summary>Opens the file; one of another shape, damaged, or ahead of the journal is made anew. What a crash left half made is deleted.</summary>
    public SqliteViews(string path, long journalPosition)
    {
        _path = path;
        DurableFile.Delete(path + Unfinished);
        var table = IncidentTable.Find(path);
        if (table?.Position > journalPosition)
        {
            table.Dispose();
            table = null;
        }

        _table = table ?? IncidentTable.Create(path);
    }

    public long Position
    {
        get
        {
            lock (_lock)
                return _table.Position;
        }
    }

    public void Apply(IReadOnlyList<StoredEvent> events, long position)
    {
        lock (_lock)
            _table.Apply(events, position);
    }

    public IReadOnlyList<IncidentRow> List(IncidentFilter filter)
    {
        lock (_lock)
            return _table.List(filter);
    }

    public IReadOnlyDictionary<IncidentStatus, long> Count()
    {
        lock (_lock)
            return _table.Count();
    }

    public IReadOnlyList<LetterRow> Letters(LetterKind? kind, long before, int limit)
    {
        lock (_lock)
            return _table.Letters.List(kind, before, limit);
    }

    public IReadOnlyDictionary<LetterKind, long> CountLetters()
    {
        lock (_lock)
            return _table.Letters.Count();
    }

    public IReadOnlyList<WaitingRow> Waiting(WaitingKind kind, Instant before, int limit)
    {
        lock (_lock)
            return _table.Waiting.List(kind, before, limit);
    }

    public long CountWaiting(WaitingKind kind, Instant before, int most)
    {
        lock (_lock)
            return _table.Waiting.Count(kind, before, most);
    }

    public IViewsDraft Draft() => new SqliteDraft(this);

    public void Dispose() => _table.Dispose();

    // Both files are closed for a moment, so that each is whole by itself when the one takes the other's name.
    private void Replace(string with)
    {
        lock (_lock)
        {
            _table.Dispose();
            DurableFile.Delete(_path);
            File.Move(with, _path);
            _table = IncidentTable.Find(_path) ?? IncidentTable.Create(_path);
        }
    }

    private sealed class SqliteDraft(SqliteViews views) : IViewsDraft
    {
        private readonly IncidentTable _table = IncidentTable.Create(views._path + Unfinished);

        public long Position => _table.Position;

        public void Apply(IReadOnlyList<StoredEvent> events, long position) => _table.Apply(events, position);

        public void Replace()
        {
            _table.Dispose();
            views.Replace(views._path + Unfinished);
        }

        public void Dispose()
        {
            _table.Dispose();
            DurableFile.Delete(views._path + Unfinished);
        }
    }
}
