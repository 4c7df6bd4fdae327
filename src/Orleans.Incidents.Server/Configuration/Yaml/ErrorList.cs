namespace Incidents.Server.Configuration.Yaml;

/// <summary>Collects what is wrong, so that all of it is reported and not only the first.</summary>
internal sealed class ErrorList(string file)
{
    /// <summary>No message is longer, however long what it complains of.</summary>
    private const int MaxMessage = 900;

    private readonly List<ConfigError> _errors = [];

    public bool IsEmpty => _errors.Count == 0;

    public void Add(Position at, string path, string message) =>
        _errors.Add(new ConfigError(file, at.Line, at.Column, OneLine(path), Short(OneLine(message))));

    public bool HasErrorAt(Position at) => _errors.Any(e => e.Line == at.Line && e.Column == at.Column);

    /// <summary>In the order of the file; what stands at one place stays in the order of discovery.</summary>
    public IEnumerable<ConfigError> InOrder() => _errors.OrderBy(e => e.Line).ThenBy(e => e.Column);

    /// <summary>A text as it may be repeated in a message: quoted, and cut where it is long.</summary>
    public static string Quote(string text) => text.Length > 60 ? $"\"{text[..60]}…\"" : $"\"{text}\"";

    private static string Short(string text) => text.Length <= MaxMessage ? text : text[..(MaxMessage - (char.IsHighSurrogate(text[MaxMessage - 1]) ? 1 : 0))] + "…";

    // Keys and values come from the file and may hold line breaks; an error is one line.
    private static string OneLine(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;
}
