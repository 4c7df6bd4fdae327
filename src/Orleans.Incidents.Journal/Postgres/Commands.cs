using Npgsql;
using NpgsqlTypes;

namespace Incidents.Journal.Postgres;

/// <summary>Statements with parameters by place, <c>$1</c> first. The driver prepares what is used again.</summary>
internal static class Commands
{
    /// <summary>Adds a statement to a batch.</summary>
    public static NpgsqlBatch Add(this NpgsqlBatch batch, string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
        return batch;
    }

    /// <summary>One statement.</summary>
    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        return command;
    }

    /// <summary>Runs a statement that returns nothing.</summary>
    /// <returns>How many rows it changed.</returns>
    public static int Run(this NpgsqlConnection connection, string sql, params NpgsqlParameter[] parameters)
    {
        using var command = connection.Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>All rows of a statement.</summary>
    public static List<T> Rows<T>(this NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> row, params NpgsqlParameter[] parameters)
    {
        using var command = connection.Command(sql, parameters);
        using var reader = command.ExecuteReader();
        return reader.Rows(row);
    }

    /// <summary>The rows of the result that a reader stands on.</summary>
    public static List<T> Rows<T>(this NpgsqlDataReader reader, Func<NpgsqlDataReader, T> row)
    {
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(row(reader));
        return rows;
    }

    public static NpgsqlParameter P(long value) => new NpgsqlParameter<long> { TypedValue = value };

    public static NpgsqlParameter P(int value) => new NpgsqlParameter<int> { TypedValue = value };

    public static NpgsqlParameter P(short value) => new NpgsqlParameter<short> { TypedValue = value };

    public static NpgsqlParameter P(string value) => new NpgsqlParameter<string> { TypedValue = value };

    public static NpgsqlParameter P(byte[] value) => new NpgsqlParameter<byte[]> { TypedValue = value };

    public static NpgsqlParameter Maybe(byte[]? value) => new() { Value = value ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea };

    public static NpgsqlParameter All(IEnumerable<long> values) => new NpgsqlParameter<long[]> { TypedValue = [.. values] };

    public static NpgsqlParameter All(IEnumerable<int> values) => new NpgsqlParameter<int[]> { TypedValue = [.. values] };

    public static NpgsqlParameter All(IEnumerable<short> values) => new NpgsqlParameter<short[]> { TypedValue = [.. values] };

    public static NpgsqlParameter All(IEnumerable<bool> values) => new NpgsqlParameter<bool[]> { TypedValue = [.. values] };

    public static NpgsqlParameter All(IEnumerable<string?> values) => new NpgsqlParameter<string?[]> { TypedValue = [.. values], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    public static NpgsqlParameter All(IEnumerable<byte[]?> values) => new NpgsqlParameter<byte[]?[]> { TypedValue = [.. values], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea };

    public static byte[] Blob(this NpgsqlDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    public static byte[]? BlobOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);

    public static string? TextOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
