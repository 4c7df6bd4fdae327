using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine.Receipts;
using Incidents.Engine.Turns;
using Incidents.Grouping;
using Incidents.Incidents;
using Incidents.Pages;
using Incidents.Simulation.Outside;
using Incidents.Simulation.Store;
using Incidents.Simulation.World;

namespace Incidents.Simulation.Checks;

/// <summary>What the outside was told, held against the disk at the moment it was told (contract lines 6, 9, 10, 12, 13, 14).</summary>
internal sealed class Books(Image image, Tally tally, Action<long> ask)
{
    /// <summary>An answer to a request: its receipt is durable and says the right thing.</summary>
    public void Answered(Sent sent, RequestAnswer answer)
    {
        tally.Answers++;
        if (answer.Failed is { } why)
        {
            Must.Hold(sent.Poison, () => $"{sent.Mark} fails for the poison of another: {why.Detail}");
            Must.Hold(!image.Blocks.Any(b => b.Any(r => r.Integration == sent.Mark)), () => $"{sent.Mark} is refused and accepted");
            return;
        }

        Must.Hold(answer.Position >= 1 && answer.Position <= image.Position, () => $"{sent.Mark} is answered with flush {answer.Position}, the disk is at {image.Position}");
        var block = image.Blocks[(int)answer.Position - 1];
        Must.Hold(answer.Number < block.Count && block[answer.Number].Integration == sent.Mark, () => $"{sent.Mark} is not in its receipt block");
        Must.Hold(block[answer.Number].Identity == sent.By.Id, () => $"{sent.Mark} is booked to another identity");
        Must.Hold(block[answer.Number].Items.Count == sent.Items.Count, () => $"{sent.Mark}: the receipt leaves items out");
        for (var i = 0; i < sent.Items.Count; i++)
            Item(sent, sent.Items[i], block[answer.Number].Items[i]);
        Must.Hold(sent.Answer is null || (sent.Answer.Value.Position, sent.Answer.Value.Number) == (answer.Position, answer.Number), () => $"{sent.Mark}: a twin got another receipt, {answer} and not {sent.Answer}");
        sent.Answer = answer;
    }

    /// <summary>An answer to a command.</summary>
    public void Called(Asked asked, CallAnswer answer)
    {
        tally.Answers++;
        if (answer.Reason == Reason.Unstorable)
        {
            Must.Hold(asked.Poison, () => $"{asked.Command} to {asked.To} fails for the poison of another");
            return;
        }

        Must.Hold(answer.Position <= image.Position && answer.Version <= image.VersionOf(asked.To), () => $"{asked.Command} to {asked.To} is answered before it is durable");
        Must.Hold(answer.Version == 0 || image.Streams[asked.To].Positions[(int)answer.Version - 1] <= answer.Position,
            () => $"{asked.Command} to {asked.To} is answered with position {answer.Position} and version {answer.Version}, which is in a later flush");
        Must.Hold(answer.Reason != Reason.DoneBefore || image.Requests.ContainsKey(asked.Id.Value), () => $"{asked.Command} under {asked.Id} is said to be done before and is not");
        asked.Done |= answer.Changed || answer.Reason == Reason.DoneBefore;
        if (answer.Changed)
            ask(answer.Position);
    }

    /// <summary>A look at an actor shows what is flushed.</summary>
    public void Looked(StreamId of, ReadAnswer answer)
    {
        Must.Hold(answer.Position <= image.Position && answer.Version <= image.VersionOf(of), () => $"a look at {of} shows what is not durable");
        Must.Hold(Picture.Of(answer.State) == Picture.Of(image.StateOf(of, answer.Version)), () => $"a look at {of} shows what never was");
        var stream = image.Streams.GetValueOrDefault(of);
        var repeats = stream is null ? 0 : image.Blocks.Sum(b => b.Sum(r => r.Items.Count(i => i.Place >= 0 && i.Stream == stream.Number && i.Version == answer.Version)));
        Must.Hold(answer.Repeats <= repeats, () => $"a look at {of} counts {answer.Repeats} repeats, {repeats} are durable");
    }

    /// <summary>An attempt leaves: it is journalled.</summary>
    public void Attempted(PageContent page, int attempt)
    {
        var stream = image.Streams.GetValueOrDefault(StreamId.Page(page.Id));
        Must.Hold(stream is not null && stream.Happened.OfType<PageAttemptStarted>().Any(a => a.Attempt == attempt), () => $"attempt {attempt} of {page.Id} leaves before it is durable");
    }

    /// <summary>Commits are reported as durable.</summary>
    public void Flushed(IReadOnlyList<Commit> commits)
    {
        foreach (var commit in commits.Where(c => c.Events.Count > 0))
            Must.Hold(commit.Expected + commit.Events.Count <= image.VersionOf(commit.Slot.Stream), () => $"{commit.Slot.Stream} is reported flushed and is not");
    }

    /// <summary>What was asked under an id is done once, and done if it was said so.</summary>
    public void Remembered(IEnumerable<Asked> keyed)
    {
        foreach (var asked in keyed.Where(a => a is { Command: AddNote, Poison: false }))
        {
            var times = image.Streams[asked.To].Happened.OfType<NoteAdded>().Count(n => n.Text == ((AddNote)asked.Command).Text);
            Must.Hold(times <= 1, () => $"{asked.Command} under {asked.Id} is done {times} times");
            Must.Hold(times == 1 || !asked.Done, () => $"{asked.Command} under {asked.Id} was said to be done and is not there");
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

        if (found.Forward is { } forward)
        {
            Must.Hold(image.Messages.Find(forward.Value) is not null || image.Requests.ContainsKey(forward.Value) || image.DeadLetters.Exists(l => l.Id == forward), () => $"{sent.Mark}: an item is said to be handed over by {forward}, which is not there");
            return;
        }

        if (found.Stream == 0)
        {
            Must.Hold(found.Reason == nameof(Reason.NothingOpen), () => $"{sent.Mark}: an accepted item names no group: {found}");
            return;
        }

        Must.Hold(image.Numbered[(int)found.Stream - 1].Id == item.Group, () => $"{sent.Mark}: the receipt names another group");
        Must.Hold(found.Version <= image.VersionOf(item.Group), () => $"{sent.Mark}: the receipt names an event that is not there");
        if (found.Place >= 0)
            Repeated(sent, item.Signal.Alert, ((GroupState)image.StateOf(item.Group, found.Version)).Members[found.Place]);
    }

    // Contract line 13: nothing that a rule would have looked at may be folded.
    private static void Repeated(Sent sent, Alert alert, Member member)
    {
        Must.Hold(alert.Action == AlertAction.Trigger && alert.DedupKey == member.Key, () => $"{sent.Mark}: {alert} is no repeat of {member.Key}");
        Must.Hold(member.Firing && member.Severity == alert.Severity, () => $"{sent.Mark}: {alert} is folded into {member}, which is otherwise");
    }
}
