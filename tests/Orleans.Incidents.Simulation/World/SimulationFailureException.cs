namespace Incidents.Simulation.World;

/// <summary>A line of the engine's contract does not hold.</summary>
internal sealed class SimulationFailureException(string message) : Exception(message);

/// <summary>
/// The process dies here: thrown out of a call-back, so that it cuts a release in two, or out of a decision. As with memory that
/// has run out, the engine lets it pass.
/// </summary>
internal sealed class CrashException : OutOfMemoryException;

/// <summary>The simulation's one way to say that something does not hold.</summary>
internal static class Must
{
    public static void Hold(bool holds, Func<string> otherwise)
    {
        if (!holds)
            throw new SimulationFailureException(otherwise());
    }
}
