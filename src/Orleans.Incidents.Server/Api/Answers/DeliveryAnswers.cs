using System.Text.Json;
using Incidents.Alerts;
using Incidents.Decisions;
using Incidents.Engine.Views;
using Incidents.Letters;
using Incidents.Server.Api.Description;
using NodaTime;

namespace Incidents.Server.Api.Answers;

/// <summary>What failed for good and waits for an operator, newest first.</summary>
internal sealed record DeadLetterList(IReadOnlyList<DeadLetterItem> Items, long? Next, long Position) : IShown<DeadLetterList>
{
    public static DeadLetterList Example { get; } = new([new DeadLetterItem(
        $"{Examples.Incident}-0-0-anna-0", LetterKind.Page, Examples.At, $"page/{Examples.Incident}-0-0-anna-0", "page:deliver", Examples.Incident, 6, "Timeout: no answer within 15 s", DeadLetterPage.Example)], null, 17);
}

/// <summary>One of them.</summary>
/// <param name="Page">What the page said; absent for a message.</param>
internal sealed record DeadLetterItem(string Id, LetterKind Kind, Instant Since, string To, string Type, string? Incident, long Attempts, string LastError, DeadLetterPage? Page);

/// <summary>What a page said.</summary>
internal sealed record DeadLetterPage(string Responder, string Channel, string Title, Severity Severity, string Service, int Step, int Round, Instant At)
{
    public static DeadLetterPage Example { get; } = new("anna", "webhook", "Disk full on db-1", Severity.Critical, "checkout", 0, 0, Examples.At);
}

/// <summary>One dead letter or page: what it says, and what was decided on it.</summary>
/// <param name="Status">Where it stands.</param>
/// <param name="By">Who sent the message.</param>
/// <param name="Content">The message as stored.</param>
/// <param name="Decided">What an operator decided on it.</param>
internal sealed record DeadLetterAnswer(
    string Id, LetterKind Kind, string Status, Instant? Since, string To, string? Type, string? Incident, long Attempts, string? LastError, Caller? By, JsonElement? Content,
    LetterDecision? Decided, DeadLetterPage? Page, long Version, long Position) : IShown<DeadLetterAnswer>
{
    public static DeadLetterAnswer Example { get; } = new(
        $"{Examples.Incident}-0-0-anna-0", LetterKind.Page, "givenUp", null, $"page/{Examples.Incident}-0-0-anna-0", null, Examples.Incident, 6, "Timeout: no answer within 15 s", null, null, null,
        DeadLetterPage.Example, 12, 17);
}

/// <summary>Why, in the operator's own words; up to 1,000 characters.</summary>
internal sealed record WhyBody(string? Text) : IShown<WhyBody>
{
    public static WhyBody Example { get; } = new("the receiver is back");
}
