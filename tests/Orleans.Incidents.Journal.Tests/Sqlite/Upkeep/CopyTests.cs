using Incidents.Alerts;
using Incidents.Engine;
using Incidents.Journal.Sqlite;

namespace Incidents.Journal.Tests.Sqlite;

/// <summary>A copy is of one moment of a journal that is written on, whole, and alone; what is restored from it has its own future.</summary>
public sealed class CopyTests : IDisposable
{
    private readonly Desk _desk = new();

    private string Copy => _desk.File + ".copy";

    [Fact]
    public async Task A_copy_taken_while_flushes_go_on_is_of_one_flush_boundary()
    {
        var engine = _desk.Configured();
        Desk.Alert(engine, "many", [.. Enumerable.Range(0, 2000).Select(i => ($"before {i}", Severity.Critical))]);
        _desk.Commit(engine);
        var before = _desk.Journal.Position;

        var copying = ((SqliteJournal)_desk.Journal).CopyAsync(Copy, CancellationToken.None);
        for (var i = 0; !copying.IsCompleted; i++)
        {
            Desk.Alert(engine, $"during {i}", ($"during {i}", Severity.Critical));
            _desk.Commit(engine);
        }

        await copying;
        var report = Verification.Run(Copy);
        Assert.Empty(report.Faults);
        Assert.InRange(report.Flushes, before, _desk.Journal.Position);
        using var copied = new SqliteHistory(Copy);
        Assert.Equal(_desk.History.After(0, int.MaxValue).Where(e => e.Position <= report.Flushes).Select(e => e.Envelope.Hash), copied.After(0, int.MaxValue).Select(e => e.Envelope.Hash));
        _desk.AssertVerifies();
    }

    [Fact]
    public async Task A_copy_is_one_file_and_for_its_owner_alone()
    {
        _desk.Configured();

        await ((SqliteJournal)_desk.Journal).CopyAsync(Copy, CancellationToken.None);

        Assert.Equal([Copy], Directory.GetFiles(Path.GetDirectoryName(Copy)!, "*.copy*"));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Copy) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public async Task A_copy_that_is_cut_off_leaves_no_file_and_the_next_one_succeeds()
    {
        var engine = _desk.Configured();
        Desk.Alert(engine, "many", [.. Enumerable.Range(0, 500).Select(i => ($"{i}", Severity.Critical))]);
        _desk.Commit(engine);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => ((SqliteJournal)_desk.Journal).CopyAsync(Copy, cancelled.Token));

        Assert.False(File.Exists(Copy));
        await ((SqliteJournal)_desk.Journal).CopyAsync(Copy, CancellationToken.None);
        Assert.Empty(Verification.Run(Copy).Faults);
    }

    [Fact]
    public async Task What_exists_is_not_overwritten()
    {
        await File.WriteAllTextAsync(Copy, "mine", TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<JournalRefusedException>(() => ((SqliteJournal)_desk.Journal).CopyAsync(Copy, CancellationToken.None));

        Assert.Equal("mine", await File.ReadAllTextAsync(Copy, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_journal_that_is_closed_in_the_middle_of_a_copy_is_whole_and_leaves_none()
    {
        var engine = _desk.Configured();
        Desk.Alert(engine, "many", [.. Enumerable.Range(0, 500).Select(i => ($"{i}", Severity.Critical))]);
        _desk.Commit(engine);

        var copying = ((SqliteJournal)_desk.Journal).CopyAsync(Copy, CancellationToken.None);
        _desk.Journal.Dispose();

        await Assert.ThrowsAsync<JournalRefusedException>(() => copying);
        Assert.False(File.Exists(Copy));
        _desk.AssertVerifies();
    }

    [Fact]
    public async Task A_restored_journal_has_the_same_timers_and_pages_and_signs_its_own_future()
    {
        var engine = _desk.Configured();
        _desk.Incident(engine, "disk");
        await ((SqliteJournal)_desk.Journal).CopyAsync(Copy, CancellationToken.None);
        var restored = _desk.File + ".restored";

        var report = JournalFile.Restore(Copy, restored);

        Assert.Equal(_desk.Journal.Position, report.Flushes);
        using var journal = new SqliteJournal(restored);
        using var reader = new SqliteReader(restored);
        Assert.Equal([report.Flushes], journal.Secrets.RestoredAt);
        Assert.Equal([report.Flushes], Verification.Run(restored).RestoredAt);
        Assert.Equal(_desk.Journal.Secrets.At(report.Flushes), journal.Secrets.At(report.Flushes));
        Assert.NotEqual(_desk.Journal.Secrets.At(report.Flushes + 1), journal.Secrets.At(report.Flushes + 1));
        Assert.Equal(journal.Secrets.Newest, journal.Secrets.At(report.Flushes + 1));
        foreach (var lane in Enum.GetValues<Lane>())
            Assert.Equal(_desk.Reader().Due(lane, DueKey.Start, long.MaxValue, 10).Select(m => (m.Id, m.Due)), reader.Due(lane, DueKey.Start, long.MaxValue, 10).Select(m => (m.Id, m.Due)));
    }

    [Fact]
    public void A_backup_that_does_not_verify_is_neither_published_nor_restored()
    {
        _desk.Configured();
        JournalFile.Copy(_desk.File, Copy);
        using (var database = new Database(Copy, readOnly: false))
            database.Execute("UPDATE event SET actor='mallory' WHERE n=2");

        var notRestored = Assert.Throws<JournalRefusedException>(() => JournalFile.Restore(Copy, _desk.File + ".restored"));
        var notPublished = Assert.Throws<JournalRefusedException>(() => JournalFile.Publish(Copy, _desk.File + ".backup"));

        Assert.All([notRestored, notPublished], refused => Assert.Contains("event 1 was changed", refused.Message));
        Assert.Equal([_desk.File, _desk.File + "-shm", _desk.File + "-wal"], Directory.GetFiles(Path.GetDirectoryName(Copy)!).Order(StringComparer.Ordinal));
    }

    public void Dispose() => _desk.Dispose();
}
