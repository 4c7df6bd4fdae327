using Incidents.Letters;
using NodaTime;

namespace Incidents.Engine.Turns;

/// <summary>
/// A command that kills the process is decided on again by the next one. So what was due when a process starts whose
/// predecessor died is tried with care: that it is tried is durable before it is, first many together, then each alone, and
/// what was there each time is kept aside.
/// </summary>
public sealed partial class TurnEngine
{
    private readonly LinkedList<MessageWork> _suspects = new();
    private readonly HashSet<MessageWork> _onTrial = [];
    private readonly bool _suspicious;
    private long? _startedAt;

    private void TakeUp(MessageWork due)
    {
        if (!(_shards?.MayHaveKilled(due) ?? (_suspicious && due.Due <= _startedAt)))
        {
            _ready.Add(due);
            return;
        }

        due.Suspicion = Suspicion.Suspect;
        _suspects.AddLast(due);
    }

    // A letter is only written down, which kills nothing: it is not kept aside for the deaths that it was there at.
    private void BeginTrials(Instant now)
    {
        while (_suspects.First?.Value is { } next && MayBeTried(next))
        {
            _suspects.RemoveFirst();
            if (next.Attempts >= _options.MaxDeaths && next.Command is not KeepLetter)
                SetAside(next, "the process died each time when this was tried", now);
            else
                BeginTrial(next);
        }

        HoldNewer();
    }

    // What a sender said first is heard first: newer messages wait for those that the process before this one left.
    private void HoldNewer()
    {
        var tried = _suspects.Count + _onTrial.Count > 0 ? _suspects.Concat(_onTrial) : [];
        _ready.HoldsChains = tried.Any(m => m.AtOnce);
        _ready.HoldsAlerts = tried.Any(m => m.Command is TakeAlerts);
    }

    private bool MayBeTried(MessageWork next) => _onTrial.Count == 0
        || (_onTrial.Count < _options.MaxTrials && (!_rules.TryAlone || (next.Attempts == 0 && _onTrial.All(t => t.Attempts == 0))));

    private void BeginTrial(MessageWork suspect)
    {
        _onTrial.Add(suspect);
        if (_rules.CountTrials)
            _queue.Add(new TrialEntry(new TrialWork(suspect)));
        else
            Try(suspect);
    }

    private void Try(MessageWork suspect)
    {
        suspect.Suspicion = Suspicion.Tried;
        _ready.Add(suspect);
    }

    private void Release(TrialEntry trial)
    {
        if (IsElsewhere(trial.Suspect))
            return;
        trial.Suspect.Failures++;
        Try(trial.Suspect);
    }

    // What was not tried after all is tried again, in its order.
    private void Suspect(MessageWork message)
    {
        _onTrial.Remove(message);
        _suspects.AddFirst(message);
    }
}
