namespace Incidents.Engine.Views;

/// <summary>The views are being made anew, or the last such making has ended. Used by the projector's thread alone, but for <see cref="Done"/>.</summary>
internal sealed class Rebuild(IIncidentViews views) : IDisposable
{
    private readonly TaskCompletionSource<long> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IViewsDraft? _draft;
    private Exception? _broken;
    private long _position;
    private long _at;

    /// <summary>Completes with the position at which the new views took their place.</summary>
    public Task<long> Done => _done.Task;

    /// <summary>Whether the new views took their place.</summary>
    public bool Replaced => _at > 0;

    /// <summary>How far it has come.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>Projects a share of what is missing up to a position; behind the last share the new views take their place.</summary>
    /// <returns>Whether it has ended; whoever asked is told by <see cref="Tell"/>.</returns>
    public bool Step(Func<long, long, (IReadOnlyList<StoredEvent> Events, long Position)> batch, long goal)
    {
        try
        {
            _draft ??= views.Draft();
            if (_draft.Position < goal)
            {
                var (events, position) = batch(_draft.Position, goal);
                _draft.Apply(events, position);
                Volatile.Write(ref _position, position);
                return false;
            }

            _draft.Replace();
            _at = goal;
        }
        catch (Exception broken)
        {
            // The old views are as they were: whoever asked is told, and may ask again.
            _broken = broken;
        }

        _draft?.Dispose();
        return true;
    }

    /// <summary>Tells whoever asked how it ended, when that is true of everything.</summary>
    public void Tell()
    {
        if (_broken is { } broken)
            _done.SetException(broken);
        else
            _done.SetResult(_at);
    }

    public void Dispose()
    {
        _draft?.Dispose();
        _done.TrySetCanceled();
    }
}
