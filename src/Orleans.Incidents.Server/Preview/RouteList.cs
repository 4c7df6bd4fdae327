using Incidents.Alerts;

namespace Incidents.Server.Preview;

/// <summary>Which routes take the alerts of one request, and why others do not; bounded, because trees and requests may both be large.</summary>
internal sealed class RouteList
{
    /// <summary>Of routes that do not match, so many are listed in one answer.</summary>
    public const int MaxPassed = 2_000;

    private readonly List<RouteEntry> _entries = [];
    private int _passed;

    public IReadOnlyList<RouteEntry> Entries => _entries;

    /// <summary>Whether routes that do not match were left out.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Adds what the tree says of an alert at a view's time.</summary>
    public void Add(RouteView view, int index, Alert alert)
    {
        IsCut |= _passed >= MaxPassed && view.Tree.All.Length > 1;
        var tried = _passed >= MaxPassed ? view.Tree.Match(alert.Labels).Select(r => view.Taken(r, alert.Labels)) : view.Explain(alert.Labels);
        var isFirst = true;
        foreach (var entry in tried)
        {
            if (!entry.Matches && ++_passed > MaxPassed)
            {
                IsCut = true;
                continue;
            }

            var follows = !entry.Matches || isFirst || alert is { Identity: AlertIdentity.Labels } or { Action: AlertAction.Trigger };
            isFirst &= !entry.Matches;
            _entries.Add(entry with { Alert = index, Text = follows ? entry.Text : $"matches too, but what carries its sender's own key and is no trigger goes by the first route, which passes it on wherever the key was triggered ({entry.Text})" });
        }
    }
}
