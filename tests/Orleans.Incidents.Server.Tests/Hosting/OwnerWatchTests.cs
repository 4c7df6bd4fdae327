using Incidents.Journal;
using Incidents.Server.Hosting;
using Incidents.Server.Tests.Metrics;

namespace Incidents.Server.Tests.Hosting;

public sealed class OwnerWatchTests : IAsyncDisposable
{
    private readonly Queue<Exception?> _answers = new();
    private readonly List<Exception> _broken = [];
    private readonly ManualTime _time = new() { Elapsed = TimeSpan.FromSeconds(1) };
    private readonly OwnerWatch _watch;

    public OwnerWatchTests() => _watch = new OwnerWatch(Answer, _time, _broken.Add, patience: TimeSpan.FromMinutes(1));

    [Fact]
    public void What_fails_once_is_a_connection_that_was_cut_and_no_failure()
    {
        Ask(new Away(), null);

        Assert.Null(_watch.Failure);
        Assert.Equal(TimeSpan.Zero, _watch.Silent);
    }

    [Fact]
    public void What_fails_twice_is_a_failure_until_it_is_answered()
    {
        Ask(new Away(), new Away());

        _time.Elapsed += TimeSpan.FromSeconds(3);
        Assert.Equal(("away", TimeSpan.FromSeconds(3)), (_watch.Failure, _watch.Silent));

        Ask([null]);

        Assert.Null(_watch.Failure);
        Assert.Equal(TimeSpan.Zero, _watch.Silent);
        Assert.Empty(_broken);
    }

    [Fact]
    public void What_fails_for_too_long_is_told_as_lost()
    {
        Ask(new Away(), new Away());
        _time.Elapsed += TimeSpan.FromSeconds(59);
        Ask(new Away(), new Away());
        Assert.Empty(_broken);

        _time.Elapsed += TimeSpan.FromSeconds(1);
        Ask(new Away(), new Away());

        Assert.Equal("the journal has not answered for 60 s: away", Assert.Single(_broken).Message);
    }

    [Fact]
    public void What_was_lost_is_told_and_no_failure_that_may_pass()
    {
        Ask(new JournalBrokenException("lost"));

        Assert.Equal("lost", Assert.Single(_broken).Message);
        Assert.Null(_watch.Failure);
    }

    public ValueTask DisposeAsync() => _watch.DisposeAsync();

    private void Ask(params Exception?[] answers)
    {
        foreach (var answer in answers)
            _answers.Enqueue(answer);
        _watch.Ask();
        Assert.Empty(_answers);
    }

    private void Answer()
    {
        if (_answers.Dequeue() is { } failure)
            throw failure;
    }

    private sealed class Away() : JournalFailureException("away");
}
