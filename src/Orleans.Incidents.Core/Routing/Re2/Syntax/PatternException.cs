namespace Incidents.Routing.Re2.Syntax;

/// <summary>Carries a syntax error out of the parser; it is caught where a pattern is compiled and becomes data there.</summary>
internal sealed class PatternException(string message, int offset) : FormatException(message)
{
    /// <summary>Where in the pattern, in UTF-16 units from 0.</summary>
    public int Offset { get; } = offset;
}
