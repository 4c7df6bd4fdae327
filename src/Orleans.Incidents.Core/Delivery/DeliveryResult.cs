#pragma warning disable CS1591
using NodaTime;

namespace Incidents.Delivery;

/// <summary>What follows from one attempt.</summary>
public enum DeliveryVerdict { Delivered, Retry, GiveUp }
/// <summary>Why.</summary>
public enum DeliveryReason { Accepted, Unreachable }
/// <summary>How an attempt ended.</summary>
public sealed record DeliveryResult(DeliveryVerdict Verdict, DeliveryReason Reason, Duration? RetryAfter, string Detail);
/// <summary>x</summary>
public sealed record RetryPolicy { /// <summary>x</summary>
 public static RetryPolicy Paging { get; } = new(); }
/// <summary>x</summary>
public static class RetrySchedule { /// <summary>x</summary>
 public static Duration? Next(RetryPolicy p, string id, int attempt, Duration since, DeliveryResult r) => null; }
