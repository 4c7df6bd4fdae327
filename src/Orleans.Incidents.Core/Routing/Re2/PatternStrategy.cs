namespace Incidents.Routing.Re2;

/// <summary>How a compiled pattern is run.</summary>
public enum PatternStrategy
{
    /// <summary>It stands for one text or a bounded set of texts: compared or looked up.</summary>
    Literals,

    /// <summary>Texts with <c>.*</c> or <c>.+</c> between them: searched for in order.</summary>
    Wildcards,

    /// <summary>Anything else: a finite automaton, in time linear in the text.</summary>
    Automaton,
}
