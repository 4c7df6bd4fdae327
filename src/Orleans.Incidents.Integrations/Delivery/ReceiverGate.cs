namespace Incidents.Integrations.Delivery;

/// <summary>Counts the attempts under way per receiver, and lets no more than a limit in. Nobody waits here.</summary>
internal sealed class ReceiverGate(int limit)
{
    private readonly Dictionary<string, int> _inside = [];
    private readonly Lock _gate = new();

    public bool TryEnter(string receiver)
    {
        lock (_gate)
        {
            var inside = _inside.GetValueOrDefault(receiver);
            if (inside >= limit)
                return false;
            _inside[receiver] = inside + 1;
            return true;
        }
    }

    public void Leave(string receiver)
    {
        lock (_gate)
        {
            if (--_inside[receiver] == 0)
                _inside.Remove(receiver);
        }
    }
}
