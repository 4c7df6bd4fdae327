using Incidents.Audit;

namespace Incidents.Journal.Sqlite;

/// <summary>Recomputes the hash chain of every stream and holds its head to it.</summary>
internal sealed class ChainCheck(Database db, List<string> faults)
{
    private long _streams;
    private long _events;

    public (long Streams, long Events) Run()
    {
        for (var last = 0L; Next(last) is { } head; last = head.Number)
        {
            _streams++;
            if (head.Stream is not null)
                Walk(head.Number, head.Stream, head.Version, head.Hash);
        }

        return (_streams, _events);
    }

    private (long Number, string? Stream, long Version, byte[] Hash)? Next(long behind)
    {
        (long, string?, long, byte[])? found = null;
        var heads = db.Prepare("SELECT number, stream, version, hash FROM head WHERE number>?1 ORDER BY number LIMIT 1");
        var isRead = Verification.TryRead(faults, () => $"the list of streams behind number {behind}", () =>
        {
            using var use = heads.Begin();
            if (heads.Bind(behind).Step())
                found = (heads.Long(0), heads.Text(1), heads.Long(2), heads.Blob(3));
        });

        // The list goes on behind what is damaged as long as its numbers are dense.
        return isRead ? found : behind < Last() ? (behind + 1, null, 0, []) : null;
    }

    private long Last()
    {
        var last = 0L;
        Verification.TryRead(faults, () => "the end of the list of streams", () => last = db.Number("SELECT max(number) FROM head"));
        return last;
    }

    private void Walk(long head, string stream, long last, byte[] lastHash)
    {
        var hash = Chain.Start.ToArray();
        var version = 0L;
        var rows = db.Prepare($"SELECT {EventRow.Columns} FROM event e WHERE e.head=?1 ORDER BY e.version");
        var isRead = Verification.TryRead(faults, () => $"{stream}: what follows version {version}", () =>
        {
            using var use = rows.Begin();
            rows.Bind(head);
            while (rows.Step())
            {
                _events++;
                var e = EventRow.Read(rows, stream);
                if (e.Version != ++version)
                    faults.Add($"{stream}: version {e.Version} stands where {version} belongs");
                if (!Intact.Follows(e, hash))
                    faults.Add(Intact.Damage(e));
                (hash, version) = (e.Hash, e.Version);
            }
        });
        if (isRead && (version != last || !hash.AsSpan().SequenceEqual(lastHash)))
            faults.Add($"{stream}: the head says version {last}, the events end at {version}");
    }
}
