using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine.Receipts;
using Incidents.Engine.Turns;
using Incidents.Pages;
using Incidents.Simulation.Outside;
using Incidents.Simulation.World;

namespace Incidents.Simulation.Checks;

/// <summary>What the outside was told, held against the disk at the moment it was told (contract lines 2, 6, 9, 12, 14).</summary>
internal sealed class Books(SimulatedWorld world)
{
    private readonly Dictionary<UInt128, List<UInt128>> _made = [];

    /// <summary>An answer to a request: its receipt is durable and says the right thing.</summary>
    public void Answered(Sent sent, RequestAnswer answer)
    {
        world.Tally.Answers++;
        if (answer.Failed is { } why)
        {
            Must.Hold(sent.Poison, () => $"{sent.Mark} fails for the poison of another: {why.Detail}");
            Must.Hold(!world.Image.Blocks.Any(b => b.Any(r => r.Integration == sent.Mark)), () => $"{sent.Mark} is refused and accepted");
            sent.Refused = true;
            return;
        }

        Must.Hold(answer.Position >= 1 && answer.Position <= world.Image.Position, () => $"{sent.Mark} is answered with flush {answer.Position}, the disk is at {world.Image.Position}");
        var block = world.Image.Blocks[(int)answer.Position - 1];
        Must.Hold(answer.Number < block.Count && block[answer.Number].Integration == sent.Mark, () => $"{sent.Mark} is not in its receipt block");
        Must.Hold(block[answer.Number].Identity == sent.By.Id, () => $"{sent.Mark} is booked to another identity");
        Must.Hold(block[answer.Number].Items.Count == sent.Items.Count, () => $"{sent.Mark}: the receipt leaves items out");
        for (var i = 0; i < sent.Items.Count; i++)
            Item(sent, sent.Items[i], block[answer.Number].Items[i]);
        Must.Hold(sent.Answer is null || (sent.Answer.Value.Position, sent.Answer.Value.Number) == (answer.Position, answer.Number), () => $"{sent.Mark}: a twin got another receipt, {answer} and not {sent.Answer}");
        sent.Answer = answer;
    }

    /// <summary>An answer to a command.</summary>
    public void Called(StreamId to, CallAnswer answer)
    {
        world.Tally.Answers++;
        if (answer.Reason == Reason.Unstorable)
            return;
        Must.Hold(answer.Position <= world.Image.Position && answer.Version <= world.Image.VersionOf(to), () => $"a command to {to} is answered before it is durable");
    }

    /// <summary>A look at an actor shows what is flushed.</summary>
    public void Looked(StreamId of, ReadAnswer answer)
    {
        Must.Hold(answer.Position <= world.Image.Position && answer.Version <= world.Image.VersionOf(of), () => $"a look at {of} shows what is not durable");
        Must.Hold(Picture.Of(answer.State) == Picture.Of(world.Image.StateOf(of, answer.Version)), () => $"a look at {of} shows what never was");
        var stream = world.Image.Streams.GetValueOrDefault(of);
        var repeats = stream is null ? 0 : world.Image.Blocks.Sum(b => b.Sum(r => r.Items.Count(i => i.Place >= 0 && i.Stream == stream.Number && i.Version == answer.Version)));
        Must.Hold(answer.Repeats <= repeats, () => $"a look at {of} counts {answer.Repeats} repeats, {repeats} are durable");
    }

    /// <summary>An attempt leaves: it is journalled.</summary>
    public void Attempted(PageContent page, int attempt)
    {
        var stream = world.Image.Streams.GetValueOrDefault(StreamId.Page(page.Id));
        Must.Hold(stream is not null && stream.Happened.OfType<PageAttemptStarted>().Any(a => a.Attempt == attempt), () => $"attempt {attempt} of {page.Id} leaves before it is durable");
    }

    /// <summary>Commits are reported as durable.</summary>
    public void Flushed(IReadOnlyList<Commit> commits)
    {
        foreach (var commit in commits.Where(c => c.Events.Count > 0))
            Must.Hold(commit.Expected + commit.Events.Count <= world.Image.VersionOf(commit.Slot.Stream), () => $"{commit.Slot.Stream} is reported flushed and is not");
    }

    /// <summary>A command that runs again makes messages under the same ids.</summary>
    public void Sealed(Flush flush)
    {
        foreach (var commit in flush.Commits.Where(c => c.Made.Count > 0))
        {
            if (commit.Work is not (MessageWork or CallWork))
                continue;
            var id = commit.Work is MessageWork m ? m.Id : ((CallWork)commit.Work).Id;
            var ids = commit.Made.Select(x => x.Id.Value).ToList();
            if (_made.TryGetValue(id.Value, out var before))
                Must.Hold(ids.Zip(before).All(z => z.First == z.Second), () => $"command {id} ran again and made messages under other ids");
            else
                _made.Add(id.Value, ids);
        }
    }

    private void Item(Sent sent, RequestItem item, BlockItem found)
    {
        Must.Hold(found.Alert == item.Index, () => $"{sent.Mark}: an item stands at alert {found.Alert} and not {item.Index}");
        if (item.Signal is null)
        {
            Must.Hold(found is { Stream: 0, Reason: nameof(Reason.Malformed) }, () => $"{sent.Mark}: a refused item has the receipt {found}");
            return;
        }

        if (found.Stream == 0)
        {
            Must.Hold(found.Reason == nameof(Reason.NothingOpen), () => $"{sent.Mark}: an accepted item names no group: {found}");
            return;
        }

        Must.Hold(world.Image.Numbered[(int)found.Stream - 1].Id == item.Group, () => $"{sent.Mark}: the receipt names another group");
        Must.Hold(found.Version <= world.Image.VersionOf(item.Group), () => $"{sent.Mark}: the receipt names an event that is not there");
    }
}
