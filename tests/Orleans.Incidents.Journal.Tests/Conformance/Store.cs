using Incidents.Engine;

namespace Incidents.Journal.Tests;

/// <summary>One journal of its own on one kind of store, for a test that every store must pass.</summary>
internal abstract class Store : IDisposable
{
    private readonly List<IDisposable> _open = [];

    /// <summary>A folder of the test's own.</summary>
    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("journal-");

    /// <summary>A further writer, as of a process that has not heard of what the others wrote.</summary>
    public IJournalStore Open() => Keep(OpenJournal());

    public abstract IJournalReader Reader();

    public abstract IStoredHistory History();

    public abstract IWaitingMessages Waiting();

    public abstract VerificationReport Verify();

    /// <summary>Changes what is stored as somebody else would.</summary>
    public abstract void Edit(string sql);

    /// <summary>Lets the store refuse an event of a type for what it holds; of a type and with a text in its payload where one is given.</summary>
    public abstract void Forbid(string type, string? containing = null, string saying = "forbidden");

    /// <summary>Ends <see cref="Forbid"/>.</summary>
    public abstract void Allow();

    /// <summary>How the store's own words come out.</summary>
    public virtual string Said(string words) => words;

    public void Dispose()
    {
        for (var i = _open.Count - 1; i >= 0; i--)
            _open[i].Dispose();
        Close();
        Folder.Delete(recursive: true);
    }

    protected abstract IJournalStore OpenJournal();

    protected abstract void Close();

    protected T Keep<T>(T opened)
        where T : IDisposable
    {
        _open.Add(opened);
        return opened;
    }
}
