using NodaTime;

namespace Incidents.Engine.Views;

/// <summary>What kind of thing failed for good.</summary>
public enum LetterKind
{
    /// <summary>A message inside the engine that could not be decided on or stored.</summary>
    Message,

    /// <summary>A page that was given up.</summary>
    Page,
}

/// <summary>What failed for good and waits for an operator's decision.</summary>
/// <param name="Number">Its place among all events; newer ones are higher.</param>
/// <param name="Kind">A message or a page.</param>
/// <param name="Id">The message's id, or the page's.</param>
/// <param name="Since">Since when it waits.</param>
/// <param name="To">The stream that it was for.</param>
/// <param name="Type">The command's stable name.</param>
/// <param name="Incident">The incident that it is about; <see langword="null"/>: none is known.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Why">The last error.</param>
public sealed record LetterRow(long Number, LetterKind Kind, string Id, Instant Since, string To, string Type, string? Incident, long Attempts, string Why);

/// <summary>What waits for an operator's decision. A read model like the others: it may be deleted at any moment.</summary>
public interface ILetterViews
{
    /// <summary>Newest first, before a number (0: from the newest); of one kind or of both.</summary>
    IReadOnlyList<LetterRow> Letters(LetterKind? kind, long before, int limit);

    /// <summary>How many of each kind wait.</summary>
    IReadOnlyDictionary<LetterKind, long> CountLetters();
}
