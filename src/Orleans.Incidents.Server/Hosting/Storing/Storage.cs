using System.Security.Cryptography;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Integrations.Delivery;
using Incidents.Journal;
using Incidents.Journal.Postgres;
using Incidents.Journal.Sqlite;

namespace Incidents.Server.Hosting;

/// <summary>Where this process keeps its journal: its parts by their roles, and what belongs to the kind of store alone.</summary>
internal abstract class Storage : IDisposable
{
    public abstract IJournalStore Journal { get; }

    public abstract IJournalReader Reader { get; }

    public abstract IStoredHistory History { get; }

    public abstract IWaitingMessages Waiting { get; }

    /// <summary>What people are told of where the data is.</summary>
    public abstract string Place { get; }

    /// <summary>The file of the views: a cache, in the data folder whatever the store.</summary>
    public abstract string Views { get; }

    /// <summary>Whether this process still owns the journal; to be asked every second by nobody but <see cref="OwnerWatch"/>.</summary>
    /// <exception cref="JournalBrokenException">It does not, and must leave service.</exception>
    /// <exception cref="JournalFailureException">Nobody knows at the moment.</exception>
    public virtual void Check()
    {
    }

    /// <summary>Copies the journal into a new file while it is written on.</summary>
    /// <exception cref="JournalRefusedException">It cannot be copied; one line.</exception>
    public abstract Task CopyAsync(string to, CancellationToken cancel);

    public abstract void Dispose();

    /// <summary>On a file in the folder, which the caller holds.</summary>
    public static Storage OfFolder(DataFolder data) => new FileStorage(data);

    /// <summary>On PostgreSQL, once no other process owns the journal.</summary>
    /// <param name="connection">A connection string, or where it is: <c>env:NAME</c> or <c>file:PATH</c>.</param>
    /// <param name="data">The folder of the views.</param>
    /// <param name="standBy">Called once when another process owns the journal, before this one waits for its end.</param>
    /// <exception cref="JournalRefusedException">The database cannot be used as it is; one line, without the password.</exception>
    public static async Task<Storage> OfPostgresAsync(string connection, DataFolder data, Func<Task> standBy, CancellationToken cancel)
    {
        var address = Address(connection);
        var reading = new PostgresReading(address);
        PostgresOwner? owner = null;
        try
        {
            owner = await PostgresOwner.TakeAsync(address, WaitAsync, TimeProvider.System, cancel);
            return new PostgresStorage(owner, reading, data);
        }
        catch
        {
            owner?.Dispose();
            reading.Dispose();
            throw;
        }

        Task WaitAsync()
        {
            reading.WarmUp();
            return standBy();
        }
    }

    /// <summary>Where the database is.</summary>
    /// <exception cref="JournalRefusedException">It does not say; one line, which repeats nothing secret.</exception>
    public static PostgresAddress Address(string connection)
    {
        if (!connection.StartsWith("env:", StringComparison.Ordinal) && !connection.StartsWith("file:", StringComparison.Ordinal))
            return new PostgresAddress(connection);
        var found = new EnvironmentAndFileSecrets().Read(connection);
        return new PostgresAddress(found.Value ?? throw new JournalRefusedException($"the PostgreSQL connection: {found.Problem}"));
    }

    private sealed class FileStorage(DataFolder data) : Storage
    {
        private readonly SqliteJournal _journal = new(data.Journal);
        private readonly SqliteReader _reader = new(data.Journal);
        private readonly SqliteHistory _history = new(data.Journal);
        private readonly SqliteWaitingMessages _waiting = new(data.Journal);

        public override IJournalStore Journal => _journal;

        public override IJournalReader Reader => _reader;

        public override IStoredHistory History => _history;

        public override IWaitingMessages Waiting => _waiting;

        public override string Place => data.Path;

        public override string Views => data.Views;

        public override Task CopyAsync(string to, CancellationToken cancel) => _journal.CopyAsync(to, cancel);

        public override void Dispose()
        {
            _waiting.Dispose();
            _history.Dispose();
            _reader.Dispose();
            _journal.Dispose();
        }
    }

    private sealed class PostgresReading(PostgresAddress address) : IDisposable
    {
        public PostgresReader Reader { get; } = new(address);

        public PostgresHistory History { get; } = new(address);

        public PostgresWaitingMessages Waiting { get; } = new(address);

        /// <summary>Opens every connection and reads by each, so that a take-over need not.</summary>
        public void WarmUp()
        {
            try
            {
                Reader.Load([StreamId.Routing]);
                History.Events(StreamId.Routing, 1, 1);
                Waiting.Next();
            }
            catch (JournalFailureException)
            {
                // The server does not answer now: they are opened when they are needed.
            }
        }

        public void Dispose()
        {
            Waiting.Dispose();
            History.Dispose();
            Reader.Dispose();
        }
    }

    private sealed class PostgresStorage(PostgresOwner owner, PostgresReading reading, DataFolder data) : Storage
    {
        private readonly PostgresJournal _journal = new(owner);

        public override IJournalStore Journal => _journal;

        public override IJournalReader Reader => reading.Reader;

        public override IStoredHistory History => reading.History;

        public override IWaitingMessages Waiting => reading.Waiting;

        public override string Place => $"{owner.Address}, lists in {data.Path}";

        // The lists of one journal are never taken for those of another that was served from the same folder before.
        public override string Views => Path.Combine(data.Path, $"views-{Convert.ToHexStringLower(SHA256.HashData(_journal.Secrets.At(0)))[..16]}.db");

        public override void Check() => owner.Check();

        public override Task CopyAsync(string to, CancellationToken cancel) =>
            throw new JournalRefusedException("a journal on PostgreSQL is backed up with PostgreSQL's own programs; docs/postgresql.md says how");

        public override void Dispose()
        {
            reading.Dispose();
            _journal.Dispose();
            owner.Dispose();
        }
    }
}
