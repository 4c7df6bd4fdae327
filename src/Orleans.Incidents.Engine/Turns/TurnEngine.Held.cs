using Incidents.Decisions;
using Incidents.Engine.Codec;
using Incidents.Pages;

namespace Incidents.Engine.Turns;

/// <summary>
/// Messages whose turn would write what a node that lives does not read. They stay stored and are tried again when every node does; what
/// comes behind them for the same receivers waits too, so that its order stays.
/// </summary>
public sealed partial class TurnEngine
{
    private readonly Speech _speech;
    private readonly List<MessageWork> _held = [];
    private readonly HashSet<StreamId> _heldFor = [];
    private int _awaited = int.MaxValue;

    private void Hold(MessageWork message, int needs)
    {
        message.Begins = false;
        _onTrial.Remove(message);
        if (message.Command is DeliverPage)
            _pagesUnderWay.Remove(message.To.Key);
        _held.Add(message);
        _heldFor.UnionWith(Receivers(message));
        _awaited = Math.Min(_awaited, needs);
    }

    // A sender's request can be refused, and is where it would pass what waits, or where too much does.
    private void RequireOrder(Work work)
    {
        if (work is not (MessageWork or RequestWork))
            return;
        if (Receivers(work).Any(_heldFor.Contains) || (Message(work) is null && _held.Count >= _options.MaxWaiting))
            throw new UndecidableException(new InvalidOperationException("it comes behind what waits for nodes of an older version to leave")) { Needs = _awaited };
    }

    private void TryHeld()
    {
        if (_held.Count == 0 || _speech.Speaks < _awaited)
            return;
        List<MessageWork> held = [.. _held];
        Unhold(_ => true);
        _ready.Return([.. held]);
    }

    private void Unhold(Predicate<MessageWork> which)
    {
        if (_held.RemoveAll(which) == 0)
            return;
        _heldFor.Clear();
        _heldFor.UnionWith(_held.SelectMany(Receivers));
        if (_held.Count == 0)
            _awaited = int.MaxValue;
    }

    // What a flush needs is looked for only where something is not of old.
    private int Needs(List<Entry> entries) => _speech.Vocabulary.IsOld
        ? 0
        : entries.SelectMany(e => e.Made.Select(m => (object)m.Command).Concat(e is Commit commit ? commit.Happened : [])).Select(_speech.Vocabulary.Needs).DefaultIfEmpty().Max();
}
