using System.Collections;
using Incidents.Alerts;
using Incidents.Decisions;
using NodaTime;

namespace Incidents.Core.Tests.Decisions;

/// <summary>Values as text, member by member, so that two decisions are compared by what they say and a difference can be read.</summary>
internal static class Show
{
    /// <summary>One line: the type's name and each public property; collections in their order, sets and maps sorted.</summary>
    public static string Of(object? value) => value switch
    {
        null => "null",
        string text => $"'{text}'",
        LabelSet or StreamId or CommandId or Instant or Duration => value.ToString()!,
        IDictionary map => $"{{{string.Join(", ", map.Keys.Cast<object>().Select(k => $"{Of(k)}: {Of(map[k])}").Order(StringComparer.Ordinal))}}}",
        IEnumerable items when IsSet(items) => $"{{{string.Join(", ", items.Cast<object?>().Select(Of).Order(StringComparer.Ordinal))}}}",
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Of))}]",
        _ when value.GetType() is { IsPrimitive: true } or { IsEnum: true } => value.ToString()!,
        _ => Record(value),
    };

    private static bool IsSet(IEnumerable items) => items.GetType().Name.Contains("HashSet", StringComparison.Ordinal);

    private static string Record(object value)
    {
        var properties = value.GetType().GetProperties().Where(p => p.GetIndexParameters().Length == 0 && p.GetMethod is { IsStatic: false, IsPublic: true });
        return $"{value.GetType().Name}({string.Join(", ", properties.Select(p => $"{p.Name}={Of(p.GetValue(value))}"))})";
    }
}
