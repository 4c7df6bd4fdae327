using Incidents.Heartbeats;
using NodaTime;

namespace Incidents.Core.Tests.Heartbeats;

public sealed class HeartbeatRulesTests
{
    private static readonly HeartbeatRule Rule = new(Duration.FromMinutes(10), Duration.FromMinutes(2));
    private static readonly Instant Noon = Instant.FromUtc(2026, 3, 1, 12, 0);

    [Fact]
    public void Silence_is_the_period_and_the_grace_after_the_last_beat() =>
        Assert.Equal(Noon + Duration.FromMinutes(12), HeartbeatRules.Deadline(Rule, Noon, Instant.MinValue + Duration.FromDays(1)));

    [Theory]
    [InlineData(9, 12)]
    [InlineData(10, 12)]
    [InlineData(11, 13)]
    [InlineData(60, 62)]
    public void For_one_grace_after_the_server_began_to_hear_nobody_is_silent(int hearingSince, int deadline) =>
        Assert.Equal(Noon + Duration.FromMinutes(deadline), HeartbeatRules.Deadline(Rule, Noon, Noon + Duration.FromMinutes(hearingSince)));

    [Theory]
    [InlineData(600, 120, 60)]
    [InlineData(600, 30, 30)]
    public void What_need_not_be_stored_is_a_tenth_of_the_period_and_no_more_than_the_grace(int every, int grace, int slack)
    {
        var rule = new HeartbeatRule(Duration.FromSeconds(every), Duration.FromSeconds(grace));
        var bound = Duration.FromSeconds(slack);

        Assert.Equal(bound, HeartbeatRules.Slack(rule));
        Assert.True(HeartbeatRules.IsNear(rule, Noon, Noon));
        Assert.True(HeartbeatRules.IsNear(rule, Noon, Noon + bound - Duration.Epsilon));
        Assert.False(HeartbeatRules.IsNear(rule, Noon, Noon + bound));
    }

    [Fact]
    public void What_came_before_the_stored_beat_is_stored_and_so_is_the_first() =>
        Assert.False(HeartbeatRules.IsNear(Rule, Noon, Noon - Duration.Epsilon) || HeartbeatRules.IsNear(Rule, null, Noon));

    [Fact]
    public void Who_beats_on_time_is_not_silent_even_if_a_crash_takes_the_last_near_beat_away()
    {
        var stored = Noon;
        var last = Noon + HeartbeatRules.Slack(Rule) - Duration.Epsilon;
        Assert.True(last + Rule.Every < HeartbeatRules.Deadline(Rule, stored, Noon));
    }
}
