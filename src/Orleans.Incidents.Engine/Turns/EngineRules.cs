namespace Incidents.Engine.Turns;

/// <summary>
/// The contract's checks, each of which a test takes out to see that the simulation notices. Never changed in the product.
/// </summary>
internal sealed record EngineRules
{
    public static EngineRules All { get; } = new();

    /// <summary>Answers to commands leave behind the flush.</summary>
    public bool ReleaseBehindFlush { get; init; } = true;

    /// <summary>A look waits its turn.</summary>
    public bool LookInTurn { get; init; } = true;

    /// <summary>An attempt is journalled before it is made.</summary>
    public bool AttemptBehindFlush { get; init; } = true;

    /// <summary>What waits behind a flush goes with what it rests on.</summary>
    public bool DropDependents { get; init; } = true;

    /// <summary>What waits behind a flush that is lost as a whole goes with it.</summary>
    public bool DropBehindLostFlush { get; init; } = true;

    /// <summary>The actor of a dropped commit is loaded again.</summary>
    public bool ForgetDropped { get; init; } = true;

    /// <summary>An actor with queued commits is never evicted.</summary>
    public bool KeepBusy { get; init; } = true;

    /// <summary>A turn that breaks off leaves nothing behind.</summary>
    public bool UndoBrokenTurns { get; init; } = true;

    /// <summary>Effect and consumption are one commit.</summary>
    public bool ConsumeWithCommit { get; init; } = true;

    /// <summary>New ids derive from the command's.</summary>
    public bool DeriveIds { get; init; } = true;

    /// <summary>Messages to be done at once keep their order over a restart.</summary>
    public bool KeepOrder { get; init; } = true;

    /// <summary>A rule sees the repeats before its command.</summary>
    public bool CoverBeforeDeciding { get; init; } = true;

    /// <summary>One fold holds one identity's repeats.</summary>
    public bool OneIdentityAFold { get; init; } = true;

    /// <summary>Flushed repeats outlive the state that they belong to.</summary>
    public bool KeepRepeatsOnForget { get; init; } = true;

    /// <summary>A restart begins to read at the oldest block that still matters.</summary>
    public bool KeepLowWater { get; init; } = true;

    /// <summary>The alerts of one request are accepted together.</summary>
    public bool KeepRequestsTogether { get; init; } = true;

    /// <summary>A request under a sender's id is accepted once.</summary>
    public bool RememberRequests { get; init; } = true;

    /// <summary>A flush that fails for its content is halved before anything of it is refused.</summary>
    public bool HalvePoison { get; init; } = true;
}
