using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using Incidents.Alerts;
using Incidents.Decisions;
using Incidents.Services;
using Incidents.Throttling;
using NodaTime;

namespace Incidents.Conventions;

/// <summary>A value of any event or command type in which no member has its default, so that a forgotten one shows.</summary>
internal static class Samples
{
    /// <summary>The one sample of a type.</summary>
    public static object Of(Type type) => Of(type, depth: 0)!;

    /// <summary>As text, member by member.</summary>
    public static string Text(object? value) => value switch
    {
        null => "null",
        string or LabelSet or StreamId or Instant or Duration => value.ToString()!,
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Text))}]",
        _ when value.GetType() is { IsPrimitive: true } or { IsEnum: true } => value.ToString()!,
        _ => $"{value.GetType().Name}({string.Join(", ", Properties(value.GetType()).Select(p => $"{p.Name}={Text(p.GetValue(value))}"))})",
    };

    private static object? Of(Type type, int depth)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return Of(inner, depth);
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1);
        if (type.IsGenericType)
            return Collection(type, depth);
        return Simple(type) ?? Record(type, depth);
    }

    private static object? Simple(Type type) => type switch
    {
        _ when type == typeof(string) => "text",
        _ when type == typeof(bool) => true,
        _ when type == typeof(int) => 7,
        _ when type == typeof(long) => 7_000_000_000,
        _ when type == typeof(Instant) => Instant.FromUtc(2026, 3, 1, 12, 0).PlusNanoseconds(1),
        _ when type == typeof(Duration) => Duration.FromNanoseconds(90_000_000_001),
        _ when type == typeof(StreamId) => StreamId.GroupByLabels("shop", 7),
        _ when type == typeof(ICommand) => new EndStorm("text"),
        _ when type == typeof(LabelSet) => LabelSet.Of("alertname", "Down", "note", "a \"quoted\" ü"),
        _ when type == typeof(GcraState) => new GcraState(Instant.FromUtc(2026, 3, 1, 12, 0), 1, 3),
        _ => null,
    };

    private static object Collection(Type type, int depth)
    {
        var definition = type.GetGenericTypeDefinition();
        if (definition == typeof(ImmutableSortedDictionary<,>))
        {
            var create = typeof(ImmutableSortedDictionary).GetMethods().Single(m => m.Name == "Create" && m.GetParameters().Length == 0);
            dynamic map = create.MakeGenericMethod(type.GenericTypeArguments).Invoke(null, null)!;
            return map.Add((dynamic)Of(type.GenericTypeArguments[0], depth)!, (dynamic)Of(type.GenericTypeArguments[1], depth)!);
        }

        // A tree of nodes ends somewhere.
        var items = Array.CreateInstance(type.GenericTypeArguments[0], depth > 3 ? 0 : 2);
        for (var i = 0; i < items.Length; i++)
            items.SetValue(Of(type.GenericTypeArguments[0], depth + 1), i);
        return typeof(ImmutableArray).GetMethods().Single(m => m.Name == "Create" && m.GetParameters() is [{ ParameterType.IsArray: true, Name: "items" }])
            .MakeGenericMethod(type.GenericTypeArguments).Invoke(null, [items])!;
    }

    private static object Record(Type type, int depth)
    {
        var constructor = type.GetConstructors().Where(c => !c.GetParameters().Any(p => p.ParameterType == type)).MaxBy(c => c.GetParameters().Length)!;
        var made = constructor.Invoke([.. constructor.GetParameters().Select(p => Of(p.ParameterType, depth + 1))]);
        var given = constructor.GetParameters().Select(p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var property in Properties(type).Where(p => p.CanWrite && !given.Contains(p.Name)))
            property.SetValue(made, Of(property.PropertyType, depth + 1));
        return made;
    }

    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0);
}
