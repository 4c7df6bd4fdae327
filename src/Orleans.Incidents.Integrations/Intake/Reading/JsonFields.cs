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

    /// <summary>The words of the first of several names that has some, which stays; <see langword="null"/> when none has.</summary>
    public string? Words(params IEnumerable<string> names) =>
        names.Select(name => _left.GetValueOrDefault(name).Words).FirstOrDefault(words => words is not null);

    /// <summary>Whether a member is an object that has members.</summary>
    public bool HasMembers(string name) => _left.GetValueOrDefault(name).Members.Any();

    /// <summary>Puts a text where there are no words yet.</summary>
    public void Default(string name, string? text)
    {
        if (text is not null && _left.GetValueOrDefault(name).Words is null)
            _left[name] = JsonValue.Of(text);
    }

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
