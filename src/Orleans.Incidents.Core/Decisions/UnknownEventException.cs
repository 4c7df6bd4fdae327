namespace Incidents.Decisions;

/// <summary>A fold met an event that is not one of its actor's: the journal and the code do not belong together.</summary>
public sealed class UnknownEventException(object happened)
    : InvalidOperationException($"no fold for the event {happened.GetType().Name}");

/// <summary>An actor was sent a command that is not one of its own: a broken invariant of the engine.</summary>
public sealed class UnknownCommandException(object command)
    : InvalidOperationException($"no rule for the command {command.GetType().Name}");
