using System.Text;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Turns;
using Incidents.Simulation.World;

namespace Incidents.Simulation.Store;

/// <summary>One process's writer of the simulated disk, with everything that may go wrong there. Making one takes over from the last.</summary>
internal sealed class SimJournal(Image image, Rules rules, EngineOptions options, Random random, Tally tally) : IJournal
{
    /// <summary>What no commit of any stream may hold.</summary>
    public const string Poison = "POISON";

    /// <summary>What no commit of an incident may hold.</summary>
    public const string IncidentPoison = "TOXIC";

    private static readonly byte[] PoisonBytes = Encoding.UTF8.GetBytes(Poison);
    private static readonly byte[] IncidentPoisonBytes = Encoding.UTF8.GetBytes(IncidentPoison);

    private readonly Applying _applying = new(image, rules);
    private readonly int _owner = ++image.Owner;
    private Flush? _inDoubt;

    /// <summary>Whether nothing but content goes wrong.</summary>
    public bool Calm { get; set; }

    /// <summary>Whether a flush may still commit.</summary>
    public bool InDoubt => _inDoubt is not null;

    public FlushOutcome Commit(Flush flush)
    {
        if (_owner != image.Owner && rules.ProveOwnership)
        {
            tally.Hit(Fault.SecondOwner);
            return FlushOutcome.Failed(FlushStatus.Lost, "another process has taken over");
        }

        if (flush.Commits.Any(IsPoison))
            return Reject(flush);
        return (Calm ? 100 : random.Next(100)) switch
        {
            < 4 => LoseAll(flush),
            < 12 => Unknown(flush),
            < 15 => Conflict(flush, flush.Commits.Where(c => c.Events.Count > 0 && random.Next(4) == 0).ToList()),
            < 19 => Foreign(flush),
            _ => Apply(flush, []),
        };
    }

    public FlushOutcome Settle(Flush flush)
    {
        if (!Calm && random.Next(3) == 0)
        {
            tally.Hit(Fault.UnknownAgain);
            return FlushOutcome.Failed(FlushStatus.Unknown, "settling was cut off as well");
        }

        if (_inDoubt == flush && random.Next(2) == 0)
        {
            tally.Hit(Fault.UnknownCommittedLate);
            CommitLate();
        }

        for (var i = image.Flushes.Count - 1; i >= 0; i--)
        {
            if (image.Flushes[i].Id == flush.Id)
                return FlushOutcome.Committed(i + 1, image.Flushes[i].Lost);
        }

        tally.Hit(Fault.UnknownNever);
        if (rules.SettleByInserting)
            _applying.Bar(flush);
        return FlushOutcome.Failed(FlushStatus.Lost, "it did not commit and never can");
    }

    /// <summary>A transaction that is still under way somewhere ends: it commits unless its id is taken.</summary>
    public void CommitLate()
    {
        if (_inDoubt is not { } flush)
            return;
        _inDoubt = null;
        if (!image.FlushIds.Contains(flush.Id.Value))
            _applying.Apply(flush, []);
    }

    /// <summary>The process is gone, and what it had under way with it or not.</summary>
    public void Crash()
    {
        if (random.Next(2) == 0)
            CommitLate();
        _inDoubt = null;
    }

    // One message alone is at fault: that it failed is counted where a restart finds it.
    private FlushOutcome Reject(Flush flush)
    {
        tally.Hit(Fault.RejectedFlush);
        if (flush.Entries is [Commit { Consumed: { Stored: true } message }])
        {
            var row = image.Messages.Find(message.Id.Value)!;
            image.Rejections[message.Id.Value] = image.Rejections.GetValueOrDefault(message.Id.Value) + 1;
            Must.Hold(image.Rejections[message.Id.Value] <= options.MaxFailures, () => $"{row} fails for what it holds again and again");
            row.Attempts += rules.CountFailures ? 1 : 0;
        }

        return FlushOutcome.Failed(FlushStatus.Rejected, "the content cannot be stored");
    }

    private FlushOutcome LoseAll(Flush flush)
    {
        tally.Hit(Fault.LostFlush);
        if (!rules.Atomic)
            _applying.Apply(Half(flush), []);
        if (!rules.SnapshotWithCommit)
            _applying.Keep(flush, []);
        return FlushOutcome.Failed(FlushStatus.Lost, "disk full");
    }

    private FlushOutcome Unknown(Flush flush)
    {
        if (random.Next(3) == 0)
        {
            tally.Hit(Fault.UnknownCommitted);
            _applying.Apply(flush, []);
        }
        else
        {
            _inDoubt = flush;
        }

        return FlushOutcome.Failed(FlushStatus.Unknown, "the connection ended");
    }

    private FlushOutcome Conflict(Flush flush, List<Commit> lost)
    {
        tally.Hit(Fault.ReportedConflict, lost.Count);
        return Apply(flush, lost);
    }

    private FlushOutcome Foreign(Flush flush)
    {
        if (flush.Commits.FirstOrDefault(c => c is { Slot.Stream.Kind: ActorKind.Incident, Expected: > 0, Events.Count: > 0 }) is { } commit)
        {
            tally.Hit(Fault.ForeignWriter);
            _applying.WriteForeign(flush, commit.Slot.Stream);
        }

        return Apply(flush, []);
    }

    private FlushOutcome Apply(Flush flush, IReadOnlyList<Commit> lose)
    {
        var lost = _applying.Apply(flush, lose);
        return FlushOutcome.Committed(image.Position, lost);
    }

    private static Flush Half(Flush flush)
    {
        var entries = flush.Entries.Take((flush.Entries.Count + 1) / 2).ToList();
        return new Flush
        {
            Id = flush.Id.Derive(1), SealedAt = flush.SealedAt, Entries = entries, Commits = entries.OfType<Commit>().ToList(),
            Requests = entries.OfType<RequestRecord>().ToList(), UncoveredFrom = flush.UncoveredFrom,
        };
    }

    internal static bool IsPoison(Commit commit) => commit.Events.Any(e =>
        e.Payload.AsSpan().IndexOf(PoisonBytes) >= 0
        || (commit.Slot.Stream.Kind == ActorKind.Incident && e.Payload.AsSpan().IndexOf(IncidentPoisonBytes) >= 0));
}
