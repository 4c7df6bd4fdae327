using Incidents.Decisions;
using Incidents.Engine.Embedded;
using Incidents.Engine.Turns;

namespace Incidents.Engine.Nodes;

/// <summary>
/// The actors as one of several nodes reaches them: its own at once, all others at the node that owns them. A node that dies is given
/// the time that its shards take to find another; a command that is given again meanwhile has the same id, and is done once.
/// </summary>
public sealed class NodeActors(EmbeddedHost here, IPeers peers, TimeProvider clock) : IActors
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan OneTry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);

    public Task<CallAnswer> CallAsync(CommandId id, StreamId to, Caller by, ICommand command, bool remembered = false, long? expected = null, Tracing.Origin? origin = null)
    {
        var envelope = CallEnvelope.Of(id, to, by, command, expected);
        var wasAway = false;
        return UntilAnsweredAsync(
            to,
            async () => await here.CallAsync(id, to, by, command, remembered || wasAway, expected, origin) is { IsElsewhere: false } answer ? answer : null,
            async cancel =>
            {
                // Another node may do it without an answer, and this one be the next owner: it must know then that it was done.
                wasAway = true;
                return (await peers.CallAsync(envelope, cancel))?.Open();
            });
    }

    public Task<ReadAnswer> ReadAsync(StreamId of) => UntilAnsweredAsync(
        of,
        async () => await here.ReadAsync(of) is { IsElsewhere: false } seen ? seen : null,
        async cancel => (await peers.ReadAsync(of, cancel))?.Open(of.Kind));

    private async Task<T> UntilAnsweredAsync<T>(StreamId to, Func<Task<T?>> atHome, Func<CancellationToken, Task<T?>> away)
        where T : struct
    {
        var started = clock.GetTimestamp();
        Exception? why = null;
        for (var pause = FirstPause; ; pause = pause < LongestPause ? pause * 2 : LongestPause)
        {
            if (here.Owns(to) && await atHome() is { } own)
                return own;
            try
            {
                using var tried = new CancellationTokenSource(OneTry, clock);
                if (await away(tried.Token).WaitAsync(OneTry, clock) is { } others)
                    return others;
            }
            catch (Exception failed) when (failed is not OutOfMemoryException)
            {
                // Whatever a transport throws: the owner is asked again, or another that has become it.
                why = failed;
            }

            if (clock.GetElapsedTime(started) >= Patience)
                throw new OwnerUnreachableException(to, why);
            await Task.Delay(pause, clock);
        }
    }
}
