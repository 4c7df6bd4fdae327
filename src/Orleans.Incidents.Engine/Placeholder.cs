namespace Incidents.Engine;

internal static class Placeholder;
