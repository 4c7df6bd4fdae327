using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace Incidents.Delivery;

/// <summary>
/// When to try again. Pure: exponential back-off with full jitter (a wait spread evenly between zero and the step, which
/// keeps many pages from coming back together), where the jitter follows from page and attempt, so that a replay waits as long.
/// </summary>
public static class RetrySchedule
{
    /// <summary>The wait before the next attempt.</summary>
    /// <param name="policy">Steps, end and cap.</param>
    /// <param name="pageId">The page's stable id; seeds the jitter.</param>
    /// <param name="attempt">The attempt that has just failed; the first is 1.</param>
    /// <param name="sinceFirst">From the start of the first attempt until now.</param>
    /// <param name="retryAfter">What the receiver asked for. Its larger of this, capped, and the jittered step counts.</param>
    /// <returns>Longer than zero; <see langword="null"/>: give up, because the next attempt would start after <see cref="RetryPolicy.GiveUpAfter"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The attempt is under 1, or the policy has no steps.</exception>
    public static Duration? Next(RetryPolicy policy, string pageId, int attempt, Duration sinceFirst, Duration? retryAfter = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        ArgumentOutOfRangeException.ThrowIfZero(policy.Steps.Length, nameof(policy));
        var step = policy.Steps[Math.Min(attempt, policy.Steps.Length) - 1];
        var wait = Jitter(step, pageId, attempt);
        if (retryAfter is { } asked)
            wait = Duration.Max(wait, Duration.Min(asked, policy.RetryAfterCap));
        return sinceFirst + wait > policy.GiveUpAfter ? null : wait;
    }

    /// <summary>A part of the step, above zero up to and including all of it; the same for the same page and attempt.</summary>
    private static Duration Jitter(Duration step, string pageId, int attempt)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{attempt}:{pageId}"));
        var fraction = BinaryPrimitives.ReadUInt32BigEndian(digest);
        var parts = (Int128)step.ToInt64Nanoseconds() * fraction / uint.MaxValue;
        return Duration.FromNanoseconds(Int128.Max(1, parts));
    }
}
