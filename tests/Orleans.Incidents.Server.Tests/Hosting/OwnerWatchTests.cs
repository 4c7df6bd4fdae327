using Incidents.Journal;
using Incidents.Server.Hosting;

namespace Incidents.Server.Tests.Hosting;

public sealed class OwnerWatchTests : IAsyncDisposable
{
    private readonly Queue<Exception?> _answers = new();
    private readonly List<Exception> _broken = [];
    private readonly OwnerWatch _watch;

    public OwnerWatchTests() => _watch = new OwnerWatch(Answer, TimeProvider.System, _broken.Add);

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

        Assert.Equal("away", _watch.Failure);
        Assert.True(_watch.Silent > TimeSpan.Zero);

        Ask([null]);

        Assert.Null(_watch.Failure);
        Assert.Equal(TimeSpan.Zero, _watch.Silent);
        Assert.Empty(_broken);
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
