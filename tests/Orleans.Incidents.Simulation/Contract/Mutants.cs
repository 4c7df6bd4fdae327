using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Turns;
using Incidents.Grouping;
using Incidents.Incidents;
using Incidents.Simulation.World;
using NodaTime;

namespace Incidents.Simulation.Contract;

/// <summary>Each check of the contract taken out by itself, by the name under which <c>contract.md</c> knows it.</summary>
internal static class Mutants
{
    private static int s_drawn;

    public static IReadOnlyDictionary<string, Rules> All { get; } = Engine().Concat(Folding()).ToDictionary(StringComparer.Ordinal);

    private static Dictionary<string, Rules> Engine() => new()
    {
        ["a dropped commit stays in memory"] = Without(new EngineRules { ForgetDropped = false }),
        ["a broken turn stays half done"] = Without(new EngineRules { UndoBrokenTurns = false }),
        ["busy actors are evicted"] = Without(new EngineRules { KeepBusy = false }),
        ["rules read a clock of their own"] = Without(new EngineRules { Decide = WithOwnClock }),
        ["ids do not derive from the command"] = Without(new EngineRules { DeriveIds = false }),
        ["timers run under who armed them"] = Without(new EngineRules { TimersByEngine = false }),

        // Commits and the queue
        ["the wrong version is accepted"] = new Rules { CheckVersions = false },
        ["messages are not stored"] = new Rules { StoreMessages = false },
        ["messages are not consumed"] = Without(new EngineRules { ConsumeWithCommit = false }),
        ["effect and consumption are two commits"] = Without(new EngineRules { OneCommitACommand = false }),
        ["the queue is in another order"] = Without(new EngineRules { QueueInOrder = false }),
        ["two flushes are under way"] = Without(new EngineRules { OneFlushAtATime = false }),
        ["half a flush is stored"] = new Rules { Atomic = false },

        // Closure
        ["what depends on a lost commit is stored"] = new Rules { LeaveOutDependents = false },
        ["dependents behind a flush stay"] = Without(new EngineRules { DropDependents = false }),
        ["a lost flush leaves the queue as it was"] = Without(new EngineRules { DropBehindLostFlush = false }),

        // Release
        ["answers leave before the flush"] = Without(new EngineRules { ReleaseBehindFlush = false }),
        ["refusals leave before the flush"] = Without(new EngineRules { RefuseBehindFlush = false }),
        ["looks do not wait their turn"] = Without(new EngineRules { LookInTurn = false }),
        ["attempts leave before they are journalled"] = Without(new EngineRules { AttemptBehindFlush = false }),
        ["outcomes are reported before the flush"] = Without(new EngineRules { ReportBehindFlush = false }),
        ["answers carry no position"] = Without(new EngineRules { AnswerWithPosition = false }),
        ["views do not wait for a position"] = Without(new EngineRules { AwaitPosition = false }),

        // Ownership and outcome
        ["a process that was taken over from writes on"] = new Rules { ProveOwnership = false },
        ["unknown outcomes are taken for lost"] = new Rules { SettleUnknown = false },
        ["unknown outcomes are settled by reading"] = new Rules { SettleByInserting = false },

        // Exactly once inside, at least once outside
        ["one alert has one id in all its groups"] = Without(new EngineRules { IdAGroup = false }),
        ["a request under the same id runs again"] = Without(new EngineRules { RememberRequests = false }),
        ["a command under the same id runs again"] = Without(new EngineRules { RememberCalls = false }),
        ["ids of requests and commands are not stored"] = new Rules { StoreIds = false },
        ["each attempt has an id of its own"] = Without(new EngineRules { StableOutwardIds = false }),
        ["the room of ended pages is lost"] = Without(new EngineRules { GiveBackRoom = false }),

        // Order
        ["a restart mixes the order of messages"] = Without(new EngineRules { KeepOrder = false }),
        ["late timers are taken for new ones"] = Without(new EngineRules { Decide = LateAsNew }),
        ["a position is seen before its flush"] = new Rules { PositionLast = false },
        ["followers read half a flush"] = new Rules { WholeFlushes = false },

        // Poison
        ["what is too large is queued"] = Without(new EngineRules { CheckSize = false }),
        ["poison fails its neighbours"] = Without(new EngineRules { HalvePoison = false }),
        ["failures are not counted on the disk"] = new Rules { CountFailures = false, Engine = new EngineRules { CountTrials = false } },
        ["what kills the process is not counted before it is tried"] = Without(new EngineRules { CountTrials = false }),
        ["what may kill the process is always tried with others"] = Without(new EngineRules { TryAlone = false }),

        // Pressure
        ["the edge is unbounded"] = Without(new EngineRules { BoundBytes = false }),
        ["one identity may fill the edge"] = Without(new EngineRules { BoundShare = false }),
        ["whoever waits at the edge is passed again and again"] = Without(new EngineRules { RotateAtEdge = false }),
        ["one identity's alerts pass another's again and again"] = Without(new EngineRules { RotateAlerts = false }),
        ["nobody who waits at the edge is refused"] = Without(new EngineRules { RefuseOldWaiters = false }),
        ["everything runs in the order in which it came"] = Without(new EngineRules { Prioritise = false }),

        // Time and caches
        ["what is stored for soon is not noticed"] = Without(new EngineRules { NoticeStored = false }),
        ["what made room in memory is never read again"] = Without(new EngineRules { ReadAgain = false }),
        ["snapshots of lost commits are kept"] = new Rules { SnapshotWithCommit = false },
        ["snapshots of another program are read"] = new Rules { CheckFoldVersion = false },
    };

    private static Dictionary<string, Rules> Folding() => new()
    {
        // Acceptance and folding
        ["requests are answered before the flush"] = Without(new EngineRules { AcceptBehindFlush = false }),
        ["receipts are not stored"] = new Rules { WriteReceipts = false },
        ["a flush cuts a request in two"] = Without(new EngineRules { KeepRequestsTogether = false }),
        ["rules do not see repeats"] = Without(new EngineRules { CoverBeforeDeciding = false }),
        ["a change is folded as a repeat"] = Without(new EngineRules { PlaceOfRepeat = AnyMember }),
        ["one fold holds several identities"] = Without(new EngineRules { OneIdentityAFold = false }),
        ["repeats are forgotten with the state"] = Without(new EngineRules { KeepRepeatsOnForget = false }),
        ["saved repeats are not stored"] = new Rules { StoreRepeats = false },
        ["saved repeats of an older version count"] = new Rules { CheckRowVersion = false },
        ["the low-water mark is too high"] = Without(new EngineRules { KeepLowWater = false }),
    };

    private static Rules Without(EngineRules engine) => new() { Engine = engine };

    private static Decision WithOwnClock(StreamId self, object state, ICommand command, TurnInput input) =>
        ActorKinds.Decide(self, state, command, input with { Now = input.Now + Duration.FromNanoseconds(++s_drawn % 1000) });

    // As if a timer that comes late did not say what it was armed for.
    private static Decision LateAsNew(StreamId self, object state, ICommand command, TurnInput input) =>
        ActorKinds.Decide(self, state, command is EscalateIncident && state is IncidentState { Escalation: { } now } ? new EscalateIncident(now.Step, now.Round) : command, input);

    private static int AnyMember(GroupState state, Signal signal, NodaTime.Instant now) => state.Open ? state.Members.PlaceOf(signal.Alert.DedupKey) : -1;
}
