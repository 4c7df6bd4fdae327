using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Core.Tests.Decisions;
using Incidents.Decisions;
using Incidents.Grouping;
using Incidents.Incidents;
using Incidents.Letters;
using Incidents.Pages;
using Incidents.Responders;
using Incidents.Services;
using NodaTime;
using static Incidents.Core.Tests.Decisions.Scenario;

namespace Incidents.Core.Tests.Letters;

public class LetterRulesTests
{
    private static readonly CommandId Id = CommandId.Of("the message");
    private static readonly StreamId Letter = StreamId.Letter(Id);
    private static readonly StreamId Incident = StreamId.Incident("I");
    private static readonly ICommand Said = new EndProblem(Some.Group, 1, Reason.ResolvedBySource);
    private static readonly KeepLetter Keep = new(Incident, Said, Some.Monitoring, "it cannot be stored", 3);
    private static readonly LetterKept Kept = new(Incident, Said, Some.Monitoring, "it cannot be stored", 3, Some.Now);
    private static readonly LetterRetried Retried = new(new LetterDecision("alice", "mended", Some.Now));
    private static readonly LetterDiscarded Discarded = new(new LetterDecision("alice", "stale", Some.Now));

    [Fact]
    public void What_could_not_be_done_is_kept_with_all_that_is_needed_to_do_it() => Given(Letter).When(Keep).Then(Reason.KeptAside, [Kept]);

    [Fact]
    public void A_retry_puts_the_message_back_as_what_it_was() => Given(Letter, Kept).When(new RetryLetter("mended"), by: Some.Alice)
        .Then(Reason.LetterRetried, [Retried], [new Message(Incident, Said, As: new Original(Id, Some.Monitoring))]);

    [Fact]
    public void A_message_that_is_let_go_is_told_to_nobody() => Given(Letter, Kept).When(new DiscardLetter("stale"), by: Some.Alice).Then(Reason.LetterDiscarded, [Discarded]);

    [Fact]
    public void Only_the_first_of_two_decisions_counts()
    {
        Given(Letter, Kept, Retried).When(new RetryLetter("")).ThenNothing(Reason.LetterSettled).When(new DiscardLetter("no")).ThenNothing(Reason.LetterSettled);
        Given(Letter, Kept, Discarded).When(new RetryLetter("")).ThenNothing(Reason.LetterSettled).When(new DiscardLetter("no")).ThenNothing(Reason.LetterSettled);
    }

    [Fact]
    public void What_fails_again_waits_again_and_its_attempts_add_up() => Given(Letter, Kept, Retried).When(Keep, Some.In(5))
        .Then(Reason.KeptAside, [Kept with { Attempts = 6, At = Some.In(5) }])
        .When(new RetryLetter("once more"), Some.In(6), Some.Alice).Then(Reason.LetterRetried, [new LetterRetried(new LetterDecision("alice", "once more", Some.In(6)))],
            [new Message(Incident, Said, As: new Original(Id, Some.Monitoring))]);

    [Fact]
    public void What_cannot_be_stored_either_can_only_be_discarded() => Given(Letter, Kept with { Command = null }).When(new RetryLetter("")).ThenNothing(Reason.LetterEmpty)
        .When(new DiscardLetter("stale"), by: Some.Alice).Then(Reason.LetterDiscarded, [Discarded]);

    [Fact]
    public void Nothing_is_decided_about_a_letter_that_is_not_there() =>
        Given(Letter).When(new RetryLetter("")).ThenNothing(Reason.NoSuchLetter).When(new DiscardLetter("")).ThenNothing(Reason.NoSuchLetter);

    [Fact]
    public void A_message_names_its_incident_wherever_it_goes()
    {
        Assert.Equal("I", LetterSubject.Incident(Incident, Said));
        Assert.Equal("I", LetterSubject.Incident(StreamId.Responder("alice"), new PageResponder("I", "shop", "t", Severity.Critical, 0, 0)));
        Assert.Equal("I", LetterSubject.Incident(StreamId.Service("shop"), new AdmitProblem(Some.Group, 1, "I", "t", null, Some.Labels)));
        Assert.Equal("I", LetterSubject.Incident(Some.Group, new CatchUp("I", 1, Severity.Error)));
        Assert.Equal("I", LetterSubject.Incident(StreamId.Page("I-0-0-alice-0"), new RetryPage(1, Lost: true)));
        Assert.Null(LetterSubject.Incident(StreamId.Page("test-T-alice-0"), new RetryPage(1, Lost: true)));
        Assert.Null(LetterSubject.Incident(Some.Group, new ExpireAlerts(Some.Now)));
        Assert.Null(LetterSubject.Incident(Some.Group, null));
    }

    [Fact]
    public void The_streams_name_is_the_messages_id() => Assert.Equal(Id, CommandId.Parse(Letter.Key));

    [Theory]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("g2345678123456781234567812345678")]
    [InlineData("+2345678123456781234567812345678")]
    public void What_is_no_commands_id_is_refused(string text) => Assert.Throws<FormatException>(() => CommandId.Parse(text));

    [Fact]
    public void Another_actors_command_is_a_broken_invariant() => Assert.Throws<UnknownCommandException>(() => Given(Letter, Kept).When(Said));
}
