using Incidents.Server.Configuration;

namespace Incidents.Server.Logging;

/// <summary>The logger factory of a server process, made before everything else.</summary>
internal static class LogSetup
{
    /// <summary>The logger of everything that is ours.</summary>
    public const string Name = "Incidents";

    /// <param name="serves">Whether the process serves yet.</param>
    /// <param name="stop">Tells it to stop; what Orleans makes of that before it serves is no error.</param>
    public static ILoggerFactory Create(ServerOptions options, TextWriter errors, Func<bool> serves, CancellationToken stop) => LoggerFactory.Create(builder =>
    {
        builder.SetMinimumLevel(options.LogLevel);
        builder.AddFilter("Microsoft", options.LogLevel > LogLevel.Debug ? Max(options.LogLevel, LogLevel.Warning) : options.LogLevel);

        // Orleans says much about itself that is for who works on it; how many cores its collector has is not for this program to change.
        AddOrleans("Orleans", LogLevel.Warning);
        AddOrleans("Orleans.Runtime.Silo", LogLevel.Error);

        // Until its first look has ended its watchdog takes the machine's uptime for a stall.
        builder.AddFilter("Orleans.Runtime.Watchdog", level => level >= Max(options.LogLevel, LogLevel.Warning) && serves());
        builder.AddFilter("Polly", Max(options.LogLevel, LogLevel.Warning));

        // A start that fails is reported by whoever started it, in one line.
        builder.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);

        // With a logger here the web server would make an activity for every request; its paths may hold a token, too.
        builder.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.AddFilter("Microsoft.AspNetCore.Routing", Max(options.LogLevel, LogLevel.Warning));
        builder.AddProvider(new LineProvider(errors, options.LogFormat, TimeProvider.System));

        void AddOrleans(string category, LogLevel least)
        {
            var from = options.LogLevel > LogLevel.Debug ? Max(options.LogLevel, least) : options.LogLevel;
            builder.AddFilter(category, level => level >= from && (serves() || !stop.IsCancellationRequested));
        }
    });

    private static LogLevel Max(LogLevel a, LogLevel b) => a > b ? a : b;
}

/// <summary>Lends a logger factory to an application that would dispose of its own while others still log.</summary>
internal sealed class LentLoggers(ILoggerFactory loggers) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => loggers.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

    public void Dispose()
    {
        // Whoever lent them disposes of them.
    }
}
