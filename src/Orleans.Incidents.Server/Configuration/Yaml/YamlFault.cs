using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Incidents.Server.Configuration.Yaml;

/// <summary>A text that is YAML, but not of the kind that is read here.</summary>
internal sealed class YamlRefusal(Position at, string message) : Exception(message)
{
    public Position At => at;
}

/// <summary>Turns the parser's exceptions into one line at a useful place.</summary>
internal static class YamlFault
{
    private const string TabMessage = "a tab in the indentation; YAML is indented with spaces";

    /// <summary>Where and what. <paramref name="last"/> is the last thing that was understood.</summary>
    public static (Position At, string Message) Describe(Exception exception, string text, ParsingEvent? last)
    {
        var lastLine = (int)(last?.Start.Line ?? 1);
        if (exception is not YamlException fault)
            return (After(last), exception is ArgumentException ? "not valid YAML: a tag (what begins with !) that is none" : "not valid YAML: it breaks off here; a bracket or a quote may not be closed");
        // The parser notices a tab, but names the place where the mapping around it began.
        if (fault.Message.Contains("tab", StringComparison.OrdinalIgnoreCase) && FindTab(text, lastLine) is { } tab)
            return (tab, TabMessage);
        var at = new Position((int)fault.Start.Line, (int)fault.Start.Column);
        return (at, IsTab(text, at) ? TabMessage : "not valid YAML: " + Sentence(fault.Message));
    }

    private static Position After(ParsingEvent? last) => last is null ? new(1, 1) : new((int)last.End.Line, (int)last.End.Column);

    private static string Sentence(string message) => char.ToLowerInvariant(message[0]) + message[1..].TrimEnd('.');

    private static Position? FindTab(string text, int fromLine)
    {
        var lines = text.Split('\n');
        for (var line = fromLine; line <= lines.Length; line++)
        {
            var indent = lines[line - 1].TakeWhile(c => c is ' ' or '\t').ToArray();
            if (Array.IndexOf(indent, '\t') is >= 0 and var column)
                return new(line, column + 1);
        }

        return null;
    }

    private static bool IsTab(string text, Position at)
    {
        var lines = text.Split('\n');
        return at.Line >= 1 && at.Line <= lines.Length && lines[at.Line - 1].ElementAtOrDefault(at.Column - 1) == '\t';
    }
}
