using System.Security.Cryptography;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Embedded;
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

    /// <summary>What is there where several processes share the journal; <see langword="null"/>: this one has all of it.</summary>
    public virtual SharedJournal? Shared => null;

    /// <summary>Whether this process still owns what it does; to be asked every second by nobody but <see cref="OwnerWatch"/>.</summary>
    /// <param name="host">Told of what it does not, where that is not everything.</param>
    /// <exception cref="JournalBrokenException">It does not, and must leave service.</exception>
    /// <exception cref="JournalFailureException">Nobody knows at the moment.</exception>
    public virtual void Check(EmbeddedHost host)
    {
    }

    /// <summary>One process at a time: what a start brings about must not be brought about twice.</summary>
    public virtual Task<IDisposable?> PrepareAsync(CancellationToken cancel) => Task.FromResult<IDisposable?>(null);

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

    /// <summary>On PostgreSQL, as one of several processes.</summary>
    /// <param name="name">What people know this one by.</param>
    /// <exception cref="JournalRefusedException">The database cannot be used as it is; one line, without the password.</exception>
    public static Storage OfNode(string connection, DataFolder data, string name)
    {
        var address = Address(connection);
        var shards = PostgresShards.Enter(address, name);
        var reading = new PostgresReading(address);
        try
        {
            return new NodeStorage(shards, reading, data);
        }
        catch
        {
            reading.Dispose();
            throw;
        }
    }

    /// <summary>Where the database is.</summary>
    /// <exception cref="JournalRefusedException">It does not say; one line, which repeats nothing secret.</exception>
    public static PostgresAddress Address(string connection) => new(Written(connection));

    /// <summary>The connection string, read from where it is.</summary>
    /// <exception cref="JournalRefusedException">It is not there; one line.</exception>
    public static string Written(string connection)
    {
        if (!connection.StartsWith("env:", StringComparison.Ordinal) && !connection.StartsWith("file:", StringComparison.Ordinal))
            return connection;
        var found = new EnvironmentAndFileSecrets().Read(connection);
        return found.Value ?? throw new JournalRefusedException($"the PostgreSQL connection: {found.Problem}");
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

        public override string Views => ViewsOf(data, _journal);

        public override void Check(EmbeddedHost host) => owner.Check();

        public override Task CopyAsync(string to, CancellationToken cancel) => throw NoCopy();

        public override void Dispose()
        {
            reading.Dispose();
            _journal.Dispose();
            owner.Dispose();
        }
    }

    private sealed class NodeStorage : Storage
    {
        private readonly PostgresShards _shards;
        private readonly PostgresReading _reading;
        private readonly DataFolder _data;
        private readonly PostgresJournal _journal;

        public NodeStorage(PostgresShards shards, PostgresReading reading, DataFolder data)
        {
            (_shards, _reading, _data, _journal) = (shards, reading, data, new PostgresJournal(shards));
            Shared = new SharedJournal(_journal, shards.Node, reading.Reader, Listen);
        }

        public override IJournalStore Journal => _journal;

        public override IJournalReader Reader => _reading.Reader;

        public override IStoredHistory History => _reading.History;

        public override IWaitingMessages Waiting => _reading.Waiting;

        public override SharedJournal Shared { get; }

        public override string Place => $"{_shards.Address}, node {_shards.Node}, lists in {_data.Path}";

        public override string Views => ViewsOf(_data, _journal);

        public override void Check(EmbeddedHost host)
        {
            if (_journal.Check().Count > 0)
                host.Lose();
        }

        public override Task<IDisposable?> PrepareAsync(CancellationToken cancel) => PostgresTurn.TakeAsync(_shards.Address, TimeProvider.System, cancel);

        public override Task CopyAsync(string to, CancellationToken cancel) => throw NoCopy();

        public override void Dispose()
        {
            _reading.Dispose();
            _journal.Dispose();
        }

        private PostgresBell Listen(Action ring)
        {
            var bell = new PostgresBell(_shards.Address, ring);
            bell.Start();
            return bell;
        }
    }

    // The lists of one journal are never taken for those of another that was served from the same folder before.
    private static string ViewsOf(DataFolder data, PostgresJournal journal) =>
        Path.Combine(data.Path, $"views-{Convert.ToHexStringLower(SHA256.HashData(journal.Secrets.At(0)))[..16]}.db");

    private static JournalRefusedException NoCopy() => new("a journal on PostgreSQL is backed up with PostgreSQL's own programs; docs/postgresql.md says how");
}

/// <summary>The parts of a journal that several processes share.</summary>
/// <param name="Journal">Takes shards and gives them up.</param>
/// <param name="Node">This start of this process, by a number that no other ever had.</param>
/// <param name="Reader">Reads what belongs to some of them.</param>
/// <param name="Listen">Begins to ring when another process may have sent something, until what it returns is disposed.</param>
internal sealed record SharedJournal(IShardJournal Journal, long Node, IShardReader Reader, Func<Action, IDisposable> Listen);
