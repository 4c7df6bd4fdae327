using System.Diagnostics;
using System.Threading.Channels;
using Incidents.Server.Configuration;

namespace Incidents.Server.Logging;

/// <summary>
/// Writes lines from a thread of its own. Whoever logs never waits for the reader of the stream: what does not fit the queue is
/// counted, and the count is written when there is room.
/// </summary>
internal sealed class LineProvider : ILoggerProvider
{
    private const int Capacity = 8192;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Channel<Line> _lines;
    private readonly TextWriter _output;
    private readonly LogFormat _format;
    private readonly TimeProvider _clock;
    private readonly Thread _writer;
    private long _lost;

    public LineProvider(TextWriter output, LogFormat format, TimeProvider clock)
    {
        (_output, _format, _clock) = (output, format, clock);
        _lines = Channel.CreateBounded<Line>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true }, _ => Interlocked.Increment(ref _lost));
        _writer = new Thread(Run) { Name = "log", IsBackground = true };
        _writer.Start();
    }

    public ILogger CreateLogger(string categoryName) => new Source(this, categoryName);

    /// <summary>Writes what is queued, within two seconds.</summary>
    public void Dispose()
    {
        _lines.Writer.TryComplete();
        _writer.Join(Patience);
    }

    private void Run()
    {
        try
        {
            while (_lines.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                while (_lines.Reader.TryRead(out var line))
                    _output.WriteLine(Lines.Write(line, _format));
                if (Interlocked.Exchange(ref _lost, 0) is var lost and > 0)
                    _output.WriteLine(Lines.Write(Lost(lost), _format));
                _output.Flush();
            }
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // Nobody reads the stream any more, and there is no other place to say so: the server goes on without a log.
            _lines.Writer.TryComplete();
        }
    }

    private Line Lost(long lost) => new(
        _clock.GetUtcNow(), LogLevel.Warning, new EventId(1006, "LinesLeftOut"), "Incidents", $"{lost} lines were left out, because the stream was not read fast enough", "", [new("count", lost)], null);

    private sealed class Source(LineProvider provider, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var given = state as IReadOnlyList<KeyValuePair<string, object?>> ?? [];
            var template = "";
            var fields = new List<KeyValuePair<string, object?>>(given.Count + 1);
            foreach (var field in given)
            {
                if (field.Key == "{OriginalFormat}")
                    template = field.Value as string ?? "";
                else
                    fields.Add(field);
            }

            if (Activity.Current is { Recorded: true } span && !fields.Exists(f => f.Key == "traceId"))
                fields.Add(new("traceId", span.TraceId.ToHexString()));
            provider._lines.Writer.TryWrite(new Line(provider._clock.GetUtcNow(), logLevel, eventId, name, formatter(state, exception), template, fields, exception));
        }
    }
}
