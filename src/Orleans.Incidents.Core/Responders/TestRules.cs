using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Pages;
using Incidents.Throttling;
using NodaTime;

namespace Incidents.Responders;

/// <summary>Send a marked test to a person, through the channels that pages go through.</summary>
/// <param name="Contact">To which of the contacts, from 0; <see langword="null"/>: to each.</param>
public sealed record TestResponder(int? Contact) : ICommand;

/// <summary>A test was delivered, or was not.</summary>
public sealed record ReportTest(string Page, DeliveryVerdict Verdict, DeliveryReason Why, string Detail) : ICommand;

/// <summary>Tests were made, one a contact.</summary>
/// <param name="By">Who asked for them.</param>
/// <param name="Pages">Their ids.</param>
/// <param name="Spent">What was spent of the person's budget for tests.</param>
public sealed record ResponderTested(string By, ImmutableArray<string> Pages, GcraState Spent) : IEvent;

/// <summary>A test was delivered, or was not.</summary>
public sealed record TestEnded(string Page, DeliveryVerdict Verdict, DeliveryReason Why, string Detail) : IEvent;

/// <summary>
/// Tests of a person's contacts. A test is a page without an incident: it takes the same way, is tried once, and tells the
/// responder instead of an incident how it ended.
/// </summary>
public static class TestRules
{
    private const string Prefix = "test-";

    /// <summary>How many tests one person is sent at most, whoever asks for them: 5 at once, 30 an hour.</summary>
    public static Budget Budget { get; } = new(30, Duration.FromHours(1), 5);

    /// <summary>Whether a page is a test. No incident's id begins so.</summary>
    public static bool IsTest(string page) => page.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Decides on a command. Pure.</summary>
    public static Decision Decide(ResponderState state, ICommand command, TurnInput input) => command switch
    {
        TestResponder when state.Definition is null => Decision.Nothing(Reason.NoSuchResponder),
        TestResponder c => Test(state, state.Definition, c.Contact, input),
        ReportTest c => Decision.Of(Reason.TestEnded, new TestEnded(c.Page, c.Verdict, c.Why, c.Detail)),
        _ => throw new UnknownCommandException(command),
    };

    /// <summary>Tells whom the test was for how it ended.</summary>
    public static Message Report(PageContent page, DeliveryVerdict verdict, DeliveryReason why, string detail) =>
        new(StreamId.Responder(page.Responder), new ReportTest(page.Id, verdict, why, detail));

    private static Decision Test(ResponderState state, ResponderDefinition who, int? only, TurnInput input)
    {
        var contacts = Enumerable.Range(0, who.Contacts.Length).Where(i => only is null || only == i).ToList();
        if (contacts.Count == 0)
            return Decision.Nothing(Reason.NoSuchContact);
        var charge = Gcra.Charge(Budget, state.Tests ?? GcraState.Full, input.Now, 1);
        if (!charge.Allowed)
            return Decision.Nothing(Reason.TestOverBudget);
        var test = input.Id.IncidentId(input.Now, StreamId.Responder(who.Id).Shard);
        var pages = contacts.Select(i => new PageContent(
            $"{Prefix}{test}-{who.Id}-{i}", "", "", $"Test notification for {who.Name}, asked for by {input.By.Id}", Severity.Info, 0, 0, who.Id, who.Contacts[i], contacts.Count, input.Now)).ToList();
        return new(Reason.TestSent, [new ResponderTested(input.By.Id, [.. pages.Select(p => p.Id)], charge.State)],
            [.. pages.Select(p => new Message(StreamId.Page(p.Id), new DeliverPage(p)))]);
    }
}
