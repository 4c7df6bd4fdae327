using Incidents.Heartbeats;
using Incidents.Integrations.Intake;

namespace Incidents.Server.Edge;

/// <summary>The names that an integration's <c>format</c> may have: what is translated into alerts, and heartbeats, in which there is nothing to translate.</summary>
internal static class Formats
{
    /// <summary>All of them, in order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Translators.All.Select(t => t.Format).Append(HeartbeatRule.Format).Order(StringComparer.Ordinal)];
}
