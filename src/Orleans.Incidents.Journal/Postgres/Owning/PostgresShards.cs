using System.Globalization;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Codec;
using Npgsql;
using static Incidents.Journal.Postgres.Commands;

namespace Incidents.Journal.Postgres;

/// <summary>
/// The shards that a process owns, each by its epoch. A take-over raises epochs under the lock on the log's end and every flush proves
/// those of the shards it used under the same lock, so nothing of an earlier owner is written behind a take-over.
/// </summary>
public sealed class PostgresShards
{
    // The shard of a receiver by its text is not known to the database; rows of the version before are completed where they are needed.
    private const int UnplacedAtOnce = 10_000;

    private readonly long[] _epochs = new long[StreamId.Shards];

    private int _mark;
    private bool _left;

    private PostgresShards(PostgresAddress address, Vocabulary vocabulary, bool isSole) => (Address, Speech, IsSole) = (address, new Speech(vocabulary), isSole);

    /// <summary>Where the journal is.</summary>
    public PostgresAddress Address { get; }

    /// <summary>The number of this start of this process; above 0.</summary>
    public long Node { get; private set; }

    /// <summary>What may be written.</summary>
    public Speech Speech { get; }

    /// <summary>What nodes must read, as far as this process knows.</summary>
    internal int Mark => Volatile.Read(ref _mark);

    /// <summary>Whether the process owns all shards or leaves service.</summary>
    internal bool IsSole { get; }

    /// <summary>Every shard's number.</summary>
    internal static IReadOnlyList<int> Everything { get; } = [.. Enumerable.Range(0, StreamId.Shards)];

    /// <summary>Those that are owned, as far as this process knows, in ascending order.</summary>
    internal IReadOnlyList<int> Owned => [.. Everything.Where(s => _epochs[s] > 0)];

    /// <summary>Brings a database up to date and enters a node that owns nothing yet.</summary>
    /// <param name="address">Where the database is.</param>
    /// <param name="name">What people know the node by.</param>
    /// <param name="vocabulary">What the program reads; absent: this program's.</param>
    /// <exception cref="JournalRefusedException">The database cannot be used as it is; one line.</exception>
    public static PostgresShards Enter(PostgresAddress address, string name, Vocabulary? vocabulary = null)
    {
        using var connection = address.OpenFirst("start");
        try
        {
            PostgresMigrations.Apply(connection, address);
            return Enter(connection, address, name, vocabulary ?? Vocabulary.Current, isSole: false);
        }
        catch (Exception failure) when (PostgresFailureException.Of(failure) is { } known)
        {
            throw new JournalRefusedException($"{address} cannot be brought up to date: {known.Message}");
        }
    }

    // Under the lock on the log's end: a flush that raises the mark sees this node, or this node sees the mark.
    internal static PostgresShards Enter(NpgsqlConnection connection, PostgresAddress address, string name, Vocabulary vocabulary, bool isSole)
    {
        var shards = new PostgresShards(address, vocabulary, isSole);
        connection.Run("BEGIN");
        connection.Run($"SELECT {LockEnd}");
        RequireReads(connection, address, vocabulary);
        shards.Node = NodeRows.Enter(connection, name, vocabulary.Reads);
        shards.Learn(NodeRows.See(connection, shards.Node, vocabulary.Reads));
        connection.Run("COMMIT");
        return shards;
    }

    /// <summary>Refuses a program that does not read what is written.</summary>
    /// <exception cref="JournalRefusedException">It does not; one line.</exception>
    internal static void RequireReads(NpgsqlConnection connection, PostgresAddress address, Vocabulary vocabulary)
    {
        if (NodeRows.Mark(connection) is var mark && mark > vocabulary.Reads)
            throw new JournalRefusedException(TooOld(address, mark, vocabulary));
    }

    /// <summary>Says that this process lives, learns what may be written, and looks which of the shards that it owns as far as it knows are another's.</summary>
    /// <exception cref="JournalBrokenException">It does not read what is written, or its row is gone, so that nobody waits for it.</exception>
    internal IReadOnlyList<int> Check(NpgsqlConnection connection)
    {
        if (!_left)
            Learn(NodeRows.See(connection, Node, Speech.Vocabulary.Reads));
        return connection.Rows(Compare, r => (int)r.GetInt16(0), Epochs(Owned));
    }

    /// <summary>Ends in order.</summary>
    internal void Leave(NpgsqlConnection connection)
    {
        _left = true;
        NodeRows.Leave(connection, Node);
    }

    /// <summary>What has been written needs so much.</summary>
    internal void Raise(int mark) => Volatile.Write(ref _mark, Math.Max(_mark, mark));

    /// <summary>Takes shards over in a transaction of its own.</summary>
    internal ShardsTaken Take(NpgsqlConnection connection, IReadOnlyCollection<int> shards)
    {
        connection.Run("BEGIN");

        // A flush of an owner before that is on its way to its commit is waited for; one that comes later finds its epochs gone.
        // A program of the version before locks its table instead, and may have written until now.
        connection.Run($"SELECT {LockEnd}");
        connection.Run("SELECT 1 FROM log FOR NO KEY UPDATE");
        RequireReads(connection, Address, Speech.Vocabulary);
        Learn(NodeRows.See(connection, Node, Speech.Vocabulary.Reads));
        if (IsSole)
            NodeRows.LeaveOthers(connection, Node);
        connection.Run("INSERT INTO log_end SELECT position, last_event, merkle FROM log l WHERE position>(SELECT max(position) FROM log_end)");
        var position = connection.Rows(End, r => r.GetInt64(0))[0];
        Place(connection);
        var before = connection.Rows(
            $"SELECT number, epoch, node, {UncoveredFrom} FROM shard s WHERE number=ANY($1) ORDER BY number FOR UPDATE",
            r => (Shard: (int)r.GetInt16(0), Epoch: r.GetInt64(1), Node: r.GetInt64(2), From: r.GetInt64(1) == 0 ? position + 1 : r.GetInt64(3)), Numbers(shards));
        connection.Run(
            "UPDATE shard s SET epoch=s.epoch+1, node=$1, position=$2, uncovered_from=u.uncovered FROM unnest($3, $4) AS u(number, uncovered) WHERE s.number=u.number",
            P(Node), P(position), Numbers(before.Select(b => b.Shard)), All(before.Select(b => b.From)));
        connection.Run("COMMIT");

        // A row of its own that it knows nothing of is of a take-over without an answer: who owned the shard before that is not known any more.
        var taken = new ShardsTaken(position, before.Count == 0 ? position + 1 : before.Min(b => b.From), [.. before.Select(b => (b.Shard, b.Node != 0 && (b.Node != Node || _epochs[b.Shard] == 0)))]);
        foreach (var (shard, epoch, _, _) in before)
            _epochs[shard] = epoch + 1;
        return taken;
    }

    /// <summary>Gives shards up, those that are still owned.</summary>
    internal void Release(NpgsqlConnection connection, IReadOnlyCollection<int> shards)
    {
        connection.Run("BEGIN");
        connection.Run($"SELECT {LockEnd}");
        var position = connection.Rows(End, r => r.GetInt64(0))[0];
        connection.Run(
            $"UPDATE shard s SET node=0, position=$1, uncovered_from={UncoveredFrom} FROM unnest($2, $3) AS mine(number, epoch) WHERE s.number=mine.number AND s.epoch=mine.epoch",
            [P(position), .. Epochs([.. shards])]);
        connection.Run("COMMIT");
        Forget(shards);
    }

    /// <summary>Whether a shard is owned, as far as this process knows.</summary>
    internal bool Holds(int shard) => Volatile.Read(ref _epochs[shard]) > 0;

    /// <summary>That they are another's is known.</summary>
    internal void Forget(IEnumerable<int> shards)
    {
        foreach (var shard in shards)
            _epochs[shard] = 0;
    }

    /// <summary>Adds the lock on the log's end, and behind it the question whether shards are still this process's.</summary>
    internal void AddProof(NpgsqlBatch batch, IReadOnlyList<int> shards, bool locking = true)
    {
        if (locking)
            batch.Add($"SELECT {LockEnd}");

        // Statements of their own: they must see what was committed before the lock was given.
        batch.Add(End).Add(Compare, Epochs(shards));
    }

    /// <summary>Adds the same lock, and behind it that the transaction ends unless the log ends there and the shards are still this process's.</summary>
    internal void AddRequirement(NpgsqlBatch batch, IReadOnlyList<int> shards, long position) => batch
        .Add($"SELECT {LockEnd}")
        .Add($"SELECT require((SELECT position FROM ({End}) e)=$3 AND NOT EXISTS ({Compare}))", [.. Epochs(shards), P(position)]);

    /// <summary>Reads what <see cref="AddProof"/> asked; the reader stands on the first of its results.</summary>
    /// <exception cref="ShardsLostException">Some are another's.</exception>
    internal static LogEnd ReadProof(NpgsqlDataReader reader, bool locking = true)
    {
        if (locking)
            reader.NextResult();
        reader.Read();
        var end = new LogEnd(reader.GetInt64(0), reader.GetInt64(1), reader.Blob(2));
        reader.NextResult();
        var lost = reader.Rows(r => (int)r.GetInt16(0));
        return lost.Count == 0 ? end : throw new ShardsLostException(lost);
    }

    /// <summary>The lowest flush whose receipt block a start must read of a row of <c>shard</c> called <c>s</c>.</summary>
    internal const string UncoveredFrom =
        "coalesce((SELECT f.uncovered_from FROM flush f WHERE f.node=s.node AND f.position>s.position ORDER BY f.position DESC LIMIT 1), s.uncovered_from)";

    /// <summary>The end of the log.</summary>
    internal const string End = "SELECT position, last_event, merkle FROM log_end ORDER BY position DESC LIMIT 1";

    // Held from before the end is read until the commit: flushes are one behind the other, and epochs change in between.
    private const string LockEnd = "pg_advisory_xact_lock(5279124193573097285)";

    private const string Compare =
        "SELECT mine.number FROM unnest($1, $2) AS mine(number, epoch) LEFT JOIN shard s ON s.number=mine.number AND s.epoch=mine.epoch WHERE s.number IS NULL ORDER BY 1";

    private static NpgsqlParameter Numbers(IEnumerable<int> shards) => All(shards.Select(s => (short)s));

    private NpgsqlParameter[] Epochs(IReadOnlyList<int> shards) => [Numbers(shards), All(shards.Select(s => _epochs[s]))];

    private void Learn((int Mark, int Spoken, bool IsThere) seen)
    {
        if (seen.Mark > Speech.Vocabulary.Reads)
            throw new JournalBrokenException(TooOld(Address, seen.Mark, Speech.Vocabulary));
        if (!seen.IsThere)
            throw new JournalBrokenException($"{Address} has not seen this node for a week and has forgotten it; start it again");
        Raise(seen.Mark);
        Speech.Speaks = seen.Spoken;
    }

    private static string TooOld(PostgresAddress address, int mark, Vocabulary vocabulary) => string.Create(CultureInfo.InvariantCulture,
        $"{address} holds what a newer version of the program has written (a node must read {mark}; this one reads {vocabulary.Reads}); start that version instead");

    private static void Place(NpgsqlConnection connection)
    {
        while (true)
        {
            var rows = connection.Rows("SELECT lane, due, id, target FROM message WHERE shard IS NULL LIMIT $1",
                r => (Lane: r.GetInt16(0), Due: r.GetInt64(1), Id: r.Blob(2), Shard: (short)StreamId.Parse(r.GetString(3)).Shard), P(UnplacedAtOnce));
            if (rows.Count == 0)
                return;
            connection.Run("UPDATE message m SET shard=u.shard FROM unnest($1, $2, $3, $4) AS u(lane, due, id, shard) WHERE m.lane=u.lane AND m.due=u.due AND m.id=u.id",
                All(rows.Select(r => r.Lane)), All(rows.Select(r => r.Due)), All(rows.Select(r => r.Id)), All(rows.Select(r => r.Shard)));
        }
    }
}

/// <summary>The end of the log as it is while it is locked.</summary>
internal readonly record struct LogEnd(long Position, long LastEvent, byte[] Merkle);

/// <summary>Other nodes own shards that a flush has used.</summary>
internal sealed class ShardsLostException(IReadOnlyList<int> shards) : Exception($"shards of other nodes: {string.Join(", ", shards.Select(s => s.ToString(CultureInfo.InvariantCulture)))}")
{
    public IReadOnlyList<int> Shards => shards;
}
