namespace Incidents.Journal;

/// <summary>The store cannot be used as it is; the message is one line for the operator.</summary>
public sealed class JournalRefusedException(string message) : Exception(message);

/// <summary>The storage can no longer keep what it promised: the process must leave service.</summary>
public class JournalBrokenException(string message) : Exception(message);

/// <summary>Another process has taken over: whatever this one decided since is nobody's, and it must leave service.</summary>
public sealed class OwnershipLostException(string message) : JournalBrokenException(message);

/// <summary>The store said no; whether the same may work later is for the store's own kind of it to say.</summary>
public abstract class JournalFailureException(string message, Exception? inner = null) : IOException(message, inner);
