using Incidents.Decisions;
using Incidents.Grouping;
using NodaTime;

namespace Incidents.Engine.Turns;

/// <summary>
/// The contract's checks, each of which a test takes out to see that the simulation notices. Never changed in the product.
/// </summary>
internal sealed record EngineRules
{
    public static EngineRules All { get; } = new();

    /// <summary>What decides on a command.</summary>
    public Func<StreamId, object, ICommand, TurnInput, Decision> Decide { get; init; } = ActorKinds.Decide;

    /// <summary>What finds the member that an alert merely repeats.</summary>
    public Func<GroupState, Signal, Instant, int> PlaceOfRepeat { get; init; } = Folding.PlaceOfRepeat;

    /// <summary>Answers to commands leave behind the flush.</summary>
    public bool ReleaseBehindFlush { get; init; } = true;

    /// <summary>An answer that says that nothing changed waits as well for what it rests on.</summary>
    public bool RefuseBehindFlush { get; init; } = true;

    /// <summary>Answers to requests leave behind the flush.</summary>
    public bool AcceptBehindFlush { get; init; } = true;

    /// <summary>What happened is reported to views and metrics behind the flush.</summary>
    public bool ReportBehindFlush { get; init; } = true;

    /// <summary>An answer carries the position of the flush that it rests on.</summary>
    public bool AnswerWithPosition { get; init; } = true;

    /// <summary>A look waits its turn.</summary>
    public bool LookInTurn { get; init; } = true;

    /// <summary>An attempt is journalled before it is made.</summary>
    public bool AttemptBehindFlush { get; init; } = true;

    /// <summary>An outward act has the same id at every attempt.</summary>
    public bool StableOutwardIds { get; init; } = true;

    /// <summary>The room of a page that ended is given to the next.</summary>
    public bool GiveBackRoom { get; init; } = true;

    /// <summary>The order of the queue is the order of decision.</summary>
    public bool QueueInOrder { get; init; } = true;

    /// <summary>One flush is under way at a time.</summary>
    public bool OneFlushAtATime { get; init; } = true;

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

    /// <summary>One alert for several groups is a command with an id of its own for each.</summary>
    public bool IdAGroup { get; init; } = true;

    /// <summary>An effect and the consumption of its message are one commit and not two.</summary>
    public bool OneCommitACommand { get; init; } = true;

    /// <summary>A command under a caller's own id is done once.</summary>
    public bool RememberCalls { get; init; } = true;

    /// <summary>What comes due is done by the engine on behalf of whoever armed it.</summary>
    public bool TimersByEngine { get; init; } = true;

    /// <summary>A message that is stored for soon is known in memory.</summary>
    public bool NoticeStored { get; init; } = true;

    /// <summary>A message that made room in memory is read again when its time comes near.</summary>
    public bool ReadAgain { get; init; } = true;

    /// <summary>Timers, people and deliveries come before chains, and those before new alerts.</summary>
    public bool Prioritise { get; init; } = true;

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

    /// <summary>What is too large to be stored is refused before it is queued.</summary>
    public bool CheckSize { get; init; } = true;

    /// <summary>That a message is tried which may have killed the process is counted before it is tried.</summary>
    public bool CountTrials { get; init; } = true;

    /// <summary>A message that was tried before is tried alone.</summary>
    public bool TryAlone { get; init; } = true;

    /// <summary>The bytes between the edge and the disk are bounded.</summary>
    public bool BoundBytes { get; init; } = true;

    /// <summary>One identity has no more than its share of them.</summary>
    public bool BoundShare { get; init; } = true;

    /// <summary>Identities that wait at the edge are let in in rotation.</summary>
    public bool RotateAtEdge { get; init; } = true;

    /// <summary>Identities whose alerts wait for a turn are served in rotation.</summary>
    public bool RotateAlerts { get; init; } = true;

    /// <summary>Nobody waits at the edge for longer than the bound.</summary>
    public bool RefuseOldWaiters { get; init; } = true;

    /// <summary>What is stored for shards that a node takes over is read.</summary>
    public bool ReadOnAdopt { get; init; } = true;

    /// <summary>What other nodes sent is read.</summary>
    public bool ReadMail { get; init; } = true;

    /// <summary>Before anything that came is decided, mail is read that was sent before it came.</summary>
    public bool ReadMailFirst { get; init; } = true;

    /// <summary>Mail is read on from where it was read to, whatever shards come.</summary>
    public bool KeepMailPlace { get; init; } = true;

    /// <summary>What waits for shards that are left is dropped.</summary>
    public bool DropOnLeave { get; init; } = true;

    /// <summary>Shards are given up behind everything that was decided for them.</summary>
    public bool WaitOnLeave { get; init; } = true;

    /// <summary>The actors of shards that were lost are forgotten.</summary>
    public bool ForgetLost { get; init; } = true;

    /// <summary>A look is answered when it is sure that no other node owns its actor.</summary>
    public bool ProveLooks { get; init; } = true;

    /// <summary>What became of alerts that another node accepted is found under their message's id.</summary>
    public bool RememberForwarded { get; init; } = true;

    /// <summary>The low-water mark takes in what came with shards.</summary>
    public bool KeepAdoptedLowWater { get; init; } = true;

    /// <summary>What may have killed the node before this one is tried with care.</summary>
    public bool SuspectTaken { get; init; } = true;

    /// <summary>Who asks for a position waits until views show it.</summary>
    public bool AwaitPosition { get; init; } = true;
}
