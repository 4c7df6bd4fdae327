using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Incidents.Alerts;

namespace Incidents.Integrations.Intake.Reading;

/// <summary>Whether values are what rules look at, or only what people read.</summary>
internal enum LabelRole
{
    /// <summary>Rules look at them: a value over its limit refuses the alert.</summary>
    Labels,

    /// <summary>People read them: a value over its limit is cut.</summary>
    Annotations,
}

/// <summary>Collects the labels or annotations of one alert and holds their limits.</summary>
internal sealed class LabelCollector(LabelRole role)
{
    private readonly List<KeyValuePair<string, string>> _pairs = [];

    /// <summary>The limit that was broken first, for a person; <see langword="null"/> when all is well.</summary>
    public string? Problem { get; private set; }

    /// <summary>Adds a pair; a later one of the same name replaces it, and takes it away where its value is empty or null.</summary>
    public LabelCollector Add(string name, string? value)
    {
        value ??= "";
        if (Problem is not null)
            return this;
        if (_pairs.Count == IntakeLimits.MaxLabels)
            return Break($"more than {IntakeLimits.MaxLabels} {Noun}s");
        if (IsLonger(name, IntakeLimits.MaxNameBytes))
            return Break($"{Noun} name longer than {IntakeLimits.MaxNameBytes} bytes: {Titles.Quoted(name)}");
        if (role == LabelRole.Annotations)
            value = Cut(value, IntakeLimits.MaxValueBytes);
        else if (IsLonger(value, IntakeLimits.MaxValueBytes))
            return Break($"{Noun} value longer than {IntakeLimits.MaxValueBytes} bytes: {Titles.Quoted(name)}");
        _pairs.Add(KeyValuePair.Create(name, value));
        return this;
    }

    /// <summary>Adds an object's members, each as text; any other value as text under the given name.</summary>
    public LabelCollector AddAll(string name, JsonValue value)
    {
        if (!value.IsObject)
            return Add(name, value.Flat);
        foreach (var (member, inner) in value.Members)
            Add(member, inner.Flat);
        return this;
    }

    /// <summary>What was collected.</summary>
    public LabelSet Build() => LabelSet.Of((ReadOnlySpan<KeyValuePair<string, string>>)CollectionsMarshal.AsSpan(_pairs));

    private string Noun => role == LabelRole.Labels ? "label" : "annotation";

    private LabelCollector Break(string problem)
    {
        Problem = problem;
        return this;
    }

    private static bool IsLonger(string text, int bytes) => text.Length > bytes / 3 && Encoding.UTF8.GetByteCount(text) > bytes;

    private static string Cut(string text, int bytes)
    {
        if (!IsLonger(text, bytes))
            return text;
        Utf8.FromUtf16(text, new byte[bytes], out var kept, out _);
        return text[..kept];
    }
}
