namespace Incidents.Routing.Matchers;

/// <summary>Which grammar a text of matchers is read by, as Alertmanager's feature flags name them.</summary>
public enum MatcherMode
{
    /// <summary>
    /// Alertmanager's default: both grammars are tried. Where both accept and disagree, the classic result stands; where one
    /// accepts, that one.
    /// </summary>
    Fallback,

    /// <summary><c>utf8-strict-mode</c>: the UTF-8 grammar only.</summary>
    Utf8Strict,

    /// <summary><c>classic-mode</c>: the classic grammar only.</summary>
    Classic,
}
