using Incidents.Engine;
using Incidents.Server.Logging;
using Incidents.Throttling;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Incidents.Server.Tests.Logging;

public sealed class FloodTests
{
    private readonly Clock _clock = new();

    [Fact]
    public void What_is_left_out_is_counted_until_a_line_is_let_through_again()
    {
        var gate = new FloodGate(new Budget(1, Duration.FromMinutes(1), 2), _clock);
        Assert.Equal([(true, 0), (true, 0), (false, 0), (false, 0)], Enumerable.Range(0, 4).Select(_ => Ask(gate)));

        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal([(true, 2), (false, 0)], Enumerable.Range(0, 2).Select(_ => Ask(gate)));
    }

    [Fact]
    public void A_refusal_is_said_once_a_minute_with_the_count_since_the_last_time()
    {
        var lines = new Lines();
        var log = new RefusalLog(lines, _clock);
        for (var second = 0; second < 150; second++)
        {
            log.Say([Row("ci-robot", 10), Row("grafana", second == 149 ? 1 : 0)]);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([10, 600, 600], lines.Said.Where(l => l.Contains("ci-robot")).Select(l => int.Parse(l.Split(' ')[0])));
        Assert.DoesNotContain(lines.Said, l => l.Contains("quoted"));
    }

    private static (bool, long) Ask(FloodGate gate) => (gate.Allows("kind", out var leftOut), leftOut);

    private static RefusedRow Row(string identity, long count) => new(0, default, identity, "ci", "OverRequestBudget", "quoted text of a sender", count);

    private sealed class Clock : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan by) => _now += by;
    }

    private sealed class Lines : ILogger
    {
        public List<string> Said { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Said.Add(formatter(state, exception) + " " + string.Join(' ', (IEnumerable<KeyValuePair<string, object?>>)state!));
    }
}
