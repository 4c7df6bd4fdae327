using Incidents.Audit;
using Incidents.Integrations.Intake.Reading;

namespace Incidents.Integrations.Intake.CloudEvents;

/// <summary>The context attributes of one event by name, taken one by one; what is left are its extensions.</summary>
/// <param name="noun">How a person finds an attribute, given its name: a member, or a header.</param>
internal sealed class AttributeReader(Func<string, string> noun)
{
    private readonly Dictionary<string, (string Value, bool IsText)> _left = [];

    /// <summary>The first thing that is wrong; <see langword="null"/> when all is well.</summary>
    public Trouble? Trouble { get; private set; }

    /// <summary>What nobody took, by name.</summary>
    public IEnumerable<KeyValuePair<string, string>> Left =>
        _left.Select(a => KeyValuePair.Create(a.Key, a.Value.Value)).OrderBy(a => a.Key, StringComparer.Ordinal);

    /// <summary>Adds an attribute as it was found.</summary>
    /// <param name="name">Its name, without the prefix of a header.</param>
    /// <param name="value">Its value as text.</param>
    /// <param name="isText">Whether it was a string, as every attribute of the specification is in JSON.</param>
    public void Add(string name, string value, bool isText) => _left[name] = (value, isText);

    /// <summary>Takes an attribute that must be there; the empty text, and a trouble, when it is not.</summary>
    public string TakeRequired(string name)
    {
        if (_left.TryGetValue(name, out var found) && !(found.IsText && string.IsNullOrWhiteSpace(found.Value)))
            return Take(name) ?? "";
        Report(name, Reason.MissingField, "is missing or blank");
        return "";
    }

    /// <summary>Takes an attribute that may be absent, but not blank.</summary>
    public string? Take(string name)
    {
        if (!_left.Remove(name, out var found))
            return null;
        if (!found.IsText)
            Report(name, Reason.WrongType, "must be a string");
        else if (string.IsNullOrWhiteSpace(found.Value))
            Report(name, Reason.InvalidValue, "must not be blank: leave it out");
        else if (found.Value.Any(char.IsControl))
            Report(name, Reason.InvalidValue, "has a control character");
        return found.Value;
    }

    /// <summary>Notes what is wrong with an attribute, unless something is already.</summary>
    public void Report(string name, Reason reason, string what) => Trouble ??= new Trouble(reason, $"{noun(name)} {what}");
}
