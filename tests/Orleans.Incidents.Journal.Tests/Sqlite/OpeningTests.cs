using Incidents.Alerts;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Journal.Sqlite;
using Incidents.Services;

namespace Incidents.Journal.Tests.Sqlite;

/// <summary>What is opened, and what is refused.</summary>
public sealed class OpeningTests : IDisposable
{
    private readonly Desk _desk = new();

    [Fact]
    public void A_file_of_a_newer_version_is_refused_and_not_touched()
    {
        Edit("PRAGMA user_version=99");

        var refused = Assert.Throws<JournalRefusedException>(() => new SqliteJournal(_desk.File));

        Assert.Contains("newer version", refused.Message);
        Assert.Equal(99, Number("PRAGMA user_version"));
    }

    [Fact]
    public void A_file_that_a_newer_program_has_closed_to_this_one_is_refused_by_both_versions_and_not_touched()
    {
        Edit("INSERT OR REPLACE INTO meta VALUES ('program', CAST('9.8.7' AS BLOB)); INSERT OR REPLACE INTO meta VALUES ('oldest', CAST('9.0.0' AS BLOB)); PRAGMA wal_checkpoint(TRUNCATE)");
        var before = File.ReadAllBytes(_desk.File);

        var refused = Assert.Throws<JournalRefusedException>(() => new SqliteJournal(_desk.File));

        Assert.Matches($@"newer version of the program \(9\.8\.7, schema {Migrations.Newest}; this is \d+\.\d+\.\d+, schema {Migrations.Newest}\)", refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.Equal(before, File.ReadAllBytes(_desk.File));
    }

    [Fact]
    public void A_file_says_which_program_wrote_it_and_which_may_run_on_it()
    {
        using var database = new Database(_desk.File, readOnly: true);

        var marks = new[] { "program", "oldest" }.Select(key => Version.Parse(database.Text($"SELECT CAST(value AS TEXT) FROM meta WHERE key='{key}'"))).ToList();

        Assert.True(marks[1] <= marks[0]);
    }

    [Fact]
    public void A_file_that_was_opened_is_of_the_newest_version_and_in_wal_mode()
    {
        Assert.Equal(Migrations.Newest, Number("PRAGMA user_version"));
        using var database = new Database(_desk.File, readOnly: true);
        Assert.Equal("wal", database.Text("PRAGMA journal_mode"));
    }

    [Fact]
    public void Settings_are_read_back_as_strong_as_promised()
    {
        using var database = new Database(_desk.File, readOnly: false);

        Settings.Apply(database, _desk.File);

        Assert.Equal((2L, 0L), (database.Number("PRAGMA synchronous"), database.Number("PRAGMA wal_autocheckpoint")));
    }

    [Fact]
    public void Storage_that_cannot_keep_the_promise_is_refused()
    {
        var refused = Assert.Throws<JournalRefusedException>(() => new SqliteJournal(":memory:"));

        Assert.Contains("weaker than promised", refused.Message);
    }

    [Fact]
    public void A_damaged_log_state_is_refused_in_one_line()
    {
        _desk.Configured();
        Edit("UPDATE meta SET value=x'00' WHERE key='merkle'");

        var refused = Assert.Throws<JournalRefusedException>(() => new SqliteJournal(_desk.File));

        Assert.Contains("damaged", refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void A_failed_write_of_refused_rows_leaves_no_transaction_open()
    {
        Edit("CREATE TRIGGER no_rows BEFORE INSERT ON refused BEGIN SELECT RAISE(ABORT, 'no rows'); END");

        Assert.Throws<SqliteFailureException>(() => _desk.Journal.WriteRefused([new(0, Desk.Now, "who", "where", "Malformed", "", 1)]));

        _desk.Configured();
        Assert.Equal(1, _desk.Journal.Position);
        _desk.AssertVerifies();
    }

    [Fact]
    public void What_is_late_is_found_along_the_index_however_many_wait()
    {
        using var messages = new SqliteWaitingMessages(_desk.File);

        Assert.Contains(messages.Plan(), step => step.Contains("USING PRIMARY KEY (lane=? AND due>? AND due<?)", StringComparison.Ordinal));
    }

    [Fact]
    public void What_an_older_version_kept_aside_is_tried_once_more()
    {
        var path = Path.Combine(Path.GetDirectoryName(_desk.File)!, "older.db");
        var odd = CommandId.Of("odd");
        using (var older = new Database(path, readOnly: false))
        {
            var before = Migrations.Names.TakeWhile(n => n != "0005-dead-letters").ToList();
            foreach (var name in before)
                older.Execute(Migrations.Read(name));
            older.Execute($"PRAGMA user_version={before.Count}");
            var (type, payload) = Engine.Codec.Payloads.Write(new EndStorm("S"));
            older.Execute($"INSERT INTO dead_letter VALUES (x'{Convert.ToHexString(odd.ToBytes())}', 1, 'service/shop', '{type}', x'{Convert.ToHexString(payload)}', 'old')");
        }

        using var journal = new SqliteJournal(path);
        using var reader = new SqliteReader(path);

        var message = Assert.Single(reader.Due(Lane.Inside, DueKey.Start, long.MaxValue, 10));
        Assert.Equal((odd, StreamId.Service("shop"), Caller.Engine, new EndStorm("S")), (message.Id, message.To, message.By, message.Command));
    }

    [Fact]
    public void A_constraint_of_the_file_is_content_and_its_name_is_told()
    {
        var engine = _desk.Configured();
        Desk.Alert(engine, "r", ("disk", Severity.Critical));
        var flush = Desk.Seal(engine);
        var taken = _desk.History.After(0, 1000).Count + 2;
        Edit($"INSERT INTO event SELECT {taken}, 99, 1, position, type, schema, time, actor, on_behalf_of, delegation, authority, approval, policy, reason, payload, hash FROM event WHERE n=1");

        var outcome = _desk.Journal.Commit(flush);

        Assert.Equal((FlushStatus.Rejected, 1L), (outcome.Status, _desk.Journal.Position));
        Assert.Contains("UNIQUE", outcome.Detail);
    }

    [Fact]
    public void A_place_that_somebody_else_took_breaks_the_journal()
    {
        var engine = _desk.Configured();
        var unaware = _desk.Open();
        Desk.Alert(engine, "r", ("disk", Severity.Critical));
        _desk.Commit(engine);
        Desk.Alert(engine, "s", ("cpu", Severity.Critical));

        Assert.Throws<JournalBrokenException>(() => unaware.Settle(Desk.Seal(engine)));
    }

    public void Dispose() => _desk.Dispose();

    private long Number(string sql)
    {
        using var database = new Database(_desk.File, readOnly: true);
        return database.Number(sql);
    }

    private void Edit(string sql)
    {
        using var database = new Database(_desk.File, readOnly: false);
        database.Execute(sql);
    }
}
