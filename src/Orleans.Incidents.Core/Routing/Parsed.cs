using System.Diagnostics.CodeAnalysis;

namespace Incidents.Routing;

/// <summary>What is wrong with a text, and where: <paramref name="Offset"/> counts UTF-16 units from 0.</summary>
public readonly record struct TextError(string Message, int Offset)
{
    /// <summary>The message with the place, counted from 1 as people do.</summary>
    public override string ToString() => $"{Message} (at character {Offset + 1})";
}

/// <summary>The outcome of reading a text: exactly one of a value and an error. Bad input is data, not an exception.</summary>
/// <typeparam name="T">What was to be read.</typeparam>
public sealed class Parsed<T>
    where T : notnull
{
    private readonly T? _value;
    private readonly TextError? _error;

    internal Parsed(T? value, TextError? error)
    {
        _value = value;
        _error = error;
    }

    /// <summary>Whether there is a value.</summary>
    public bool IsValid => _error is null;

    /// <summary>What was read.</summary>
    /// <exception cref="InvalidOperationException">There is an error instead.</exception>
    public T Value => _error is null ? _value! : throw new InvalidOperationException(_error.Value.ToString());

    /// <summary>What is wrong.</summary>
    /// <exception cref="InvalidOperationException">There is a value instead.</exception>
    public TextError Error => _error ?? throw new InvalidOperationException("there is a value, not an error");

    /// <summary>Both at once, for a branch: <see langword="true"/> with the value, or <see langword="false"/> with the error.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value, out TextError error)
    {
        value = _value;
        error = _error ?? default;
        return IsValid;
    }
}

/// <summary>Makes <see cref="Parsed{T}"/>.</summary>
public static class Parsed
{
    /// <summary>A value was read.</summary>
    public static Parsed<T> Of<T>(T value)
        where T : notnull => new(value, null);

    /// <summary>The text is wrong; <paramref name="offset"/> counts UTF-16 units from 0.</summary>
    public static Parsed<T> Failed<T>(string message, int offset)
        where T : notnull => new(default, new TextError(message, offset));
}
