namespace Incidents.Integrations.Intake.Reading;

/// <summary>
/// The members of one JSON object by exact name; of a name that occurs twice the last. A translator takes what it knows,
/// and what then is left are the unknown fields, to be kept where a person sees them.
/// </summary>
internal sealed class JsonFields
{
    private readonly Dictionary<string, JsonValue> _left = [];

    /// <summary>The members of an object; none for any other value.</summary>
    public JsonFields(JsonValue value)
    {
        foreach (var (name, member) in value.Members)
            _left[name] = member;
    }

    /// <summary>What nobody took, in no promised order.</summary>
    public IEnumerable<KeyValuePair<string, JsonValue>> Left => _left;

    /// <summary>Takes one member; absent where there is none.</summary>
    public JsonValue Take(string name) => _left.Remove(name, out var value) ? value : default;

    /// <summary>
    /// Takes the first of several names that has words, and leaves the others; <see langword="null"/> when none has.
    /// </summary>
    public string? TakeWords(params IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (_left.TryGetValue(name, out var value) && value.Words is { } words)
            {
                _left.Remove(name);
                return words;
            }
        }

        return null;
    }
}
