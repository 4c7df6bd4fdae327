using Incidents.Server.Api.Description;

namespace Incidents.Server.Api.Answers;

/// <summary>How far the lists are.</summary>
/// <param name="Position">The journal position that they show.</param>
/// <param name="Journal">The last flush's position.</param>
/// <param name="Rebuilding">How far a making anew has come.</param>
/// <param name="Broken">Why they are stale.</param>
internal sealed record ViewsAnswer(long Position, long Journal, long? Rebuilding, string? Broken) : IShown<ViewsAnswer>
{
    public static ViewsAnswer Example { get; } = new(17, 17, null, null);
}

/// <summary>The lists are made anew and show this position.</summary>
internal sealed record RebuiltAnswer(long Position) : IShown<RebuiltAnswer>
{
    public static RebuiltAnswer Example { get; } = new(17);
}
