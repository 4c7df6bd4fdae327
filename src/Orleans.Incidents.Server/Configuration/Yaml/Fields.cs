using System.Collections.Immutable;

namespace Incidents.Server.Configuration.Yaml;

/// <summary>The entries of a mapping with fixed keys: reports unknown and missing keys once, then hands out the rest.</summary>
internal sealed class Fields
{
    private readonly Dictionary<string, Value> _values;
    private readonly Shape _shape;
    private readonly Value _owner;

    public Fields(Value owner, Shape shape, ImmutableArray<(string Name, Value Value)> entries)
    {
        (_owner, _shape) = (owner, shape);
        _values = entries.Where(e => shape.Knows(e.Name)).ToDictionary(e => e.Name, e => e.Value);
        foreach (var (name, value) in entries.Where(e => !shape.Knows(e.Name)))
            owner.Errors.Add(value.KeyAt, owner.Path, Unknown(name));
        // A value of the wrong kind has been reported; that all its keys are missing says nothing new.
        if (owner.Node is not MapNode && !owner.IsNull)
            return;
        foreach (var name in shape.Required.Where(r => !_values.ContainsKey(r)))
            Missing(name);
    }

    /// <summary>The value of a key; <see langword="null"/> when it is absent.</summary>
    /// <exception cref="InvalidOperationException">The key is not one of the shape: the reader and the table disagree.</exception>
    public Value? this[string key] =>
        !_shape.Knows(key) ? throw new InvalidOperationException($"{_shape.Name} has no key {key}") : _values.GetValueOrDefault(key);

    /// <summary>Reports that a key is missing, at the owner's own key.</summary>
    public void Missing(string key, string why = "is required") =>
        _owner.Errors.Add(_owner.KeyAt, _owner.Path.Length == 0 ? key : $"{_owner.Path}.{key}", why);

    private string Unknown(string name) =>
        $"unknown key {ErrorList.Quote(name)}"
        + (Nearest.Find(name, _shape.Keys) is { } meant ? $"; did you mean \"{meant}\"?" : $" (known: {string.Join(", ", _shape.Keys)})");
}
