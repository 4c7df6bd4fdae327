using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text;
using Incidents.Alerts;
using Incidents.Decisions;
using NodaTime;

namespace Incidents.Simulation.Checks;

/// <summary>Any value as a text that is equal for equal values: immutable collections compare by reference, and states hold them.</summary>
internal static class Picture
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Shapes = new();

    public static string Of(object? value)
    {
        var text = new StringBuilder();
        Draw(text, value);
        return text.ToString();
    }

    private static void Draw(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null: text.Append('-'); break;
            case string s: text.Append('\'').Append(s).Append('\''); break;
            case LabelSet labels: text.Append(labels.ToString()); break;
            case Instant i: text.Append(i.ToUnixTimeTicks()); break;
            case Grouping.LastSeen seen: Ordered(text, seen.InOrder()); break;
            case Enum or Duration or StreamId: text.Append(value); break;
            case IConvertible c: text.Append(c.ToString(CultureInfo.InvariantCulture)); break;
            case IDictionary d: Unordered(text, d.Cast<object>()); break;
            case IEnumerable e when IsSet(e): Unordered(text, e.Cast<object>()); break;
            case IEnumerable e: Ordered(text, e); break;
            default: Members(text, value); break;
        }
    }

    private static bool IsSet(IEnumerable e) => e.GetType().Name.StartsWith("ImmutableHashSet", StringComparison.Ordinal);

    private static void Unordered(StringBuilder text, IEnumerable<object> items) =>
        text.Append('{').AppendJoin(',', items.Select(Of).Order(StringComparer.Ordinal)).Append('}');

    private static void Ordered(StringBuilder text, IEnumerable items)
    {
        text.Append('[');
        foreach (var item in items)
        {
            Draw(text, item);
            text.Append(',');
        }

        text.Append(']');
    }

    private static void Members(StringBuilder text, object value)
    {
        var type = value.GetType();
        var shape = Shapes.GetOrAdd(type, t => [.. t.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0)]);
        text.Append(type.Name).Append('(');
        foreach (var property in shape)
        {
            text.Append(property.Name).Append('=');
            Draw(text, property.GetValue(value));
            text.Append(';');
        }

        text.Append(')');
    }
}
