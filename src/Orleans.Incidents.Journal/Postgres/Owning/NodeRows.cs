using Npgsql;
using static Incidents.Journal.Postgres.Commands;

namespace Incidents.Journal.Postgres;

/// <summary>The nodes' rows: when each was last seen and what it reads, and the mark that says what a node must read of what is written.</summary>
internal static class NodeRows
{
    private const string Now = "(extract(epoch FROM clock_timestamp())*1000)::bigint";

    // A row that is written over as seldom as that stays in its page; what is a minute old still tells the living from the dead.
    private const string SeenAnew = "10000";
    private const string OneWeek = "604800000";

    /// <summary>Enters a node that reads so much. Under the lock on the log's end.</summary>
    /// <returns>Its number.</returns>
    public static long Enter(NpgsqlConnection connection, string name, int reads)
    {
        connection.Run($"DELETE FROM node n WHERE seen<{Now}-{OneWeek} AND NOT EXISTS (SELECT 1 FROM shard s WHERE s.node=n.id)");
        return connection.Rows(
            $"INSERT INTO node (name, started, seen, reads) SELECT $1, t.now, t.now, $2 FROM (SELECT {Now} AS now) t RETURNING id", r => r.GetInt64(0), P(name), P(reads))[0];
    }

    /// <summary>A node ends in order: nobody waits for it to be unseen.</summary>
    public static void Leave(NpgsqlConnection connection, long node) => connection.Run("DELETE FROM node WHERE id=$1", P(node));

    /// <summary>A node owns everything from now on: no other is waited for.</summary>
    public static void LeaveOthers(NpgsqlConnection connection, long node) => connection.Run("UPDATE node SET seen=0 WHERE id<>$1 AND seen>0", P(node));

    /// <summary>Says that a node lives, unless it does not read what is written.</summary>
    /// <returns>The mark; what every node that lives reads; and whether the node has its row.</returns>
    public static (int Mark, int Spoken, bool IsThere) See(NpgsqlConnection connection, long node, int reads) => connection.Rows(
        $"WITH seen AS (UPDATE node SET seen={Now} WHERE id=$1 AND seen<{Now}-{SeenAnew} AND mark()<=$2) SELECT mark(), spoken(), EXISTS (SELECT 1 FROM node WHERE id=$1)",
        r => (r.GetInt32(0), r.IsDBNull(1) ? 0 : r.GetInt32(1), r.GetBoolean(2)), P(node), P(reads))[0];

    /// <summary>What a node must read.</summary>
    public static int Mark(NpgsqlConnection connection) => connection.Rows("SELECT mark()", r => r.GetInt32(0))[0];
}
