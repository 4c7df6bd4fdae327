using Incidents.Load.Measures;
using Incidents.Load.Peers;
using Incidents.Load.Reports;
using Incidents.Testing;
using Npgsql;

namespace Incidents.Load.Tests;

public sealed class PostgresStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("load-").FullName;

    public PostgresStoreTests() => PostgresPrograms.Own(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_runs_with_the_settings_of_the_report_and_its_processes_are_counted_and_a_second_one_goes_on_with_its_data()
    {
        PostgresServer.Require();
        var options = new LoadOptions { SharedBuffers = 32, PostgresOptions = "-c jit=off" };
        using (var store = PostgresStore.Start(Path.Combine(_folder, "postgres"), options))
        {
            using var connection = new NpgsqlConnection(store.ServerConnection + ";Pooling=false");
            connection.Open();
            Assert.Equal("32MB on off", Ask(connection, "SELECT current_setting('shared_buffers') || ' ' || current_setting('fsync') || ' ' || current_setting('jit')"));
            Ask(connection, "CREATE TABLE message (lane smallint, due bigint, id bytea, target text, by_id text, by_kind smallint, on_behalf_of text, type text, payload bytea, attempts int, trace bytea)");
            var reading = CpuReading.Take(Environment.ProcessId, store.Pid);
            Assert.InRange(reading.Store, double.Epsilon, reading.Server);
            Assert.True(ProcessTree.ProportionalMb(store.Pid) > 1);
        }

        using var again = PostgresStore.Start(Path.Combine(_folder, "postgres"), options);
        Assert.Equal(["message"], (await TableState.ReadAsync(again)).Select(t => t.Name));
        using var beside = await again.OpenAsync();
        using var sweep = new SweepQuery(beside);
        Assert.True(sweep.Time(fromStart: true) > 0);
    }

    private static string? Ask(NpgsqlConnection connection, string sql)
    {
        using var ask = new NpgsqlCommand(sql, connection);
        return ask.ExecuteScalar() as string;
    }
}
