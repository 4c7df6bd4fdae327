using Incidents.Engine;
using Incidents.Engine.Views;
using Incidents.Incidents;

namespace Incidents.Journal.Tests.Sqlite;

/// <summary>Views whose making anew waits until the test lets it go on, and that refuse to be written as a full disk would.</summary>
internal sealed class SlowViews(IIncidentViews views) : IIncidentViews, IDisposable
{
    private readonly ManualResetEventSlim _reached = new();
    private readonly ManualResetEventSlim _continue = new();

    public bool Refuses { get; set; }

    public long Position => views.Position;

    public void AwaitDraft() => Assert.True(_reached.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));

    public void Continue() => _continue.Set();

    public void Apply(IReadOnlyList<StoredEvent> events, long position)
    {
        if (Refuses)
            throw new IOException("no room");
        views.Apply(events, position);
    }

    public IReadOnlyList<IncidentRow> List(IncidentFilter filter) => views.List(filter);

    public IReadOnlyDictionary<IncidentStatus, long> Count() => views.Count();

    public IViewsDraft Draft() => new SlowDraft(this, views.Draft());

    public void Dispose()
    {
        _reached.Dispose();
        _continue.Dispose();
    }

    private sealed class SlowDraft(SlowViews owner, IViewsDraft draft) : IViewsDraft
    {
        public long Position => draft.Position;

        public void Apply(IReadOnlyList<StoredEvent> events, long position)
        {
            owner._reached.Set();
            owner._continue.Wait(TimeSpan.FromSeconds(30));
            draft.Apply(events, position);
        }

        public void Replace() => draft.Replace();

        public void Dispose() => draft.Dispose();
    }
}
