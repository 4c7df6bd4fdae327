using Incidents.Audit;
using Incidents.Decisions;

namespace Incidents.Letters;

/// <summary>What becomes of a dead letter. Of two operators who decide at once, the first counts and the second hears so.</summary>
public static class LetterRules
{
    /// <summary>Decides on a command. Pure.</summary>
    public static Decision Decide(StreamId self, LetterState state, ICommand command, TurnInput input) => command switch
    {
        KeepLetter c => Decision.Of(Reason.KeptAside, new LetterKept(c.To, c.Command, c.By, c.Why, (state.Kept?.Attempts ?? 0) + c.Attempts, input.Now)),
        _ when state.Kept is not { } kept => Decision.Nothing(Reason.NoSuchLetter),
        _ when state.Status != LetterStatus.Waiting => Decision.Nothing(Reason.LetterSettled),
        RetryLetter when state.Kept.Command is null => Decision.Nothing(Reason.LetterEmpty),
        RetryLetter c => Decision.Of(Reason.LetterRetried, new LetterRetried(By(c.Why, input)), PutBack(self, state.Kept)),
        DiscardLetter c => Decision.Of(Reason.LetterDiscarded, new LetterDiscarded(By(c.Why, input))),
        _ => throw new UnknownCommandException(command),
    };

    // Under its own id, so that it stays the one command it was: its effect and its end are one commit, once.
    private static Message PutBack(StreamId self, LetterKept kept) =>
        new(kept.To, kept.Command!, As: new Original(CommandId.Parse(self.Key), kept.By));

    private static LetterDecision By(string why, TurnInput input) => new(input.By.Id, why, input.Now);
}
