using System.Text.Json;
using Incidents.Engine.Views;
using Incidents.Server.Api.Description;
using NodaTime;

namespace Incidents.Server.Api.Answers;

/// <summary>What waits for an operator: a message kept aside, or a page that was given up.</summary>
/// <param name="To">The actor that it is for.</param>
/// <param name="Type">The command's stored name.</param>
/// <param name="LastError">Why it failed the last time.</param>
/// <param name="Page">What the page says; only for pages.</param>
internal sealed record DeadLetterItem(string Id, LetterKind Kind, Instant Since, string To, string Type, string? Incident, long Attempts, string? LastError, JsonElement? Page);

/// <summary>Dead letters, newest first.</summary>
/// <param name="Next">The cursor of the next page; absent on the last one.</param>
/// <param name="Position">The journal position that the list shows.</param>
internal sealed record DeadLetterList(IReadOnlyList<DeadLetterItem> Items, long? Next, long Position) : IShown<DeadLetterList>
{
    public static DeadLetterList Example { get; } = new(
        [new DeadLetterItem(new string('a', 32), LetterKind.Message, Examples.At, $"incident/{Examples.Incident}", "incident:open", Examples.Incident, 3, "the disk is full", null)], null, 17);
}

/// <summary>One dead letter or page, with what was decided on it.</summary>
internal sealed record DeadLetterAnswer(string Id, LetterKind Kind, string Status, string To, string? Incident, long Attempts, string? LastError, long Version, long Position) : IShown<DeadLetterAnswer>
{
    public static DeadLetterAnswer Example { get; } = new(
        new string('a', 32), LetterKind.Message, "waiting", $"incident/{Examples.Incident}", Examples.Incident, 3, "the disk is full", 1, 17);
}
