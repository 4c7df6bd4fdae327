using System.Reflection;
using System.Runtime.CompilerServices;
using Incidents.Server.Logging;
using Microsoft.Extensions.Logging;

namespace Incidents.Server.Tests.Logging;

/// <summary>Every line has its row in docs/operations.md, and its id and name are its own.</summary>
public sealed class LogTableTests
{
    private static readonly List<LoggerMessageAttribute> Messages =
        [.. typeof(Log).GetMethods().Select(m => m.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>()];

    [Fact]
    public void Ids_and_names_are_unique()
    {
        Assert.True(Messages.Count > 20);
        Assert.Equal(Messages.Count, Messages.Select(m => m.EventId).Distinct().Count());
        Assert.Equal(Messages.Count, Messages.Select(m => m.EventName).Distinct().Count());
    }

    [Fact]
    public void Every_event_has_its_row()
    {
        var doc = File.ReadAllText(Path.Combine(Here(), "..", "..", "..", "docs", "operations.md"));
        Assert.All(Messages, m => Assert.Contains($"| {m.EventId} | `{m.EventName}` | {m.Level.ToString().ToLowerInvariant()} |", doc, StringComparison.Ordinal));
        Assert.Equal(Messages.Count, doc.Split('\n').Count(l => l.StartsWith("| 1", StringComparison.Ordinal) || l.StartsWith("| 2", StringComparison.Ordinal) || l.StartsWith("| 3", StringComparison.Ordinal) || l.StartsWith("| 4", StringComparison.Ordinal)));
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
