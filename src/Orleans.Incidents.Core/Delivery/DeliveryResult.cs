using NodaTime;

namespace Incidents.Delivery;

/// <summary>What the pipeline does next.</summary>
public enum DeliveryVerdict
{
    /// <summary>The receiver has it. Nothing more to do.</summary>
    Delivered,

    /// <summary>Try again as <see cref="RetrySchedule"/> says.</summary>
    Retry,

    /// <summary>No later attempt can succeed. The page counts as not delivered, and escalation moves on.</summary>
    GiveUp,
}

/// <summary>How one attempt ended.</summary>
/// <param name="Verdict">What to do next; always the one that belongs to <paramref name="Reason"/>.</param>
/// <param name="Reason">Why, by name. Also the metric's label.</param>
/// <param name="RetryAfter">How long the receiver asked to be left alone, uncapped; <see langword="null"/> when it did not say.</param>
/// <param name="Detail">For a person: one line, without secrets.</param>
public sealed record DeliveryResult(DeliveryVerdict Verdict, DeliveryReason Reason, Duration? RetryAfter, string Detail)
{
    /// <summary>The result of a reason, with its verdict.</summary>
    public static DeliveryResult Of(DeliveryReason reason, string detail, Duration? retryAfter = null) =>
        new(reason.Verdict(), reason, retryAfter, detail);
}
