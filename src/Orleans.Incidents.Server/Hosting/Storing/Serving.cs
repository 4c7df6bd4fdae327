using Incidents.Server.Edge;

namespace Incidents.Server.Hosting;

/// <summary>
/// What answers requests. A process that stands by listens already and has nothing to answer with: that comes with the journal, and
/// requests are let in when everything is there.
/// </summary>
internal sealed class Serving
{
    private Runtime? _runtime;
    private Registry? _registry;
    private volatile bool _isOpen;

    /// <summary>Whether requests are let in.</summary>
    public bool IsOpen => _isOpen;

    /// <exception cref="InvalidOperationException">Asked for before it is there, which no request can do.</exception>
    public Runtime Runtime => _runtime ?? throw new InvalidOperationException("this process does not own its journal yet");

    /// <exception cref="InvalidOperationException">Asked for before it is there, which no request can do.</exception>
    public Registry Registry => _registry ?? throw new InvalidOperationException("this process has not read its catalogue yet");

    public void Set(Runtime runtime, Registry registry) => (_runtime, _registry) = (runtime, registry);

    public void Open() => _isOpen = true;
}
