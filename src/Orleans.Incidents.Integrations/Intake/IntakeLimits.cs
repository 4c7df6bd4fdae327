namespace Incidents.Integrations.Intake;

/// <summary>
/// The bounds of what is read. Over a limit of one alert, that alert is refused and the others of its request are not;
/// only the size and depth of the body refuse a request as a whole. Bytes are those of the decoded text in UTF-8.
/// </summary>
public static class IntakeLimits
{
    /// <summary>The largest body, 5 MB. Checked by the server before a translator sees it.</summary>
    public const int MaxBodyBytes = 5 * 1024 * 1024;

    /// <summary>The deepest nesting of objects and arrays; 32 levels are accepted, 33 are not.</summary>
    public const int MaxDepth = 32;

    /// <summary>The alerts of one request. Those behind are left out, in one refusal.</summary>
    public const int MaxAlerts = 10_000;

    /// <summary>The labels of one alert, and again its annotations.</summary>
    public const int MaxLabels = 512;

    /// <summary>The name of a label or annotation.</summary>
    public const int MaxNameBytes = 1024;

    /// <summary>The value of a label. An annotation's longer value is cut here instead: no rule looks at it.</summary>
    public const int MaxValueBytes = 16 * 1024;

    /// <summary>All names and values of one alert's labels and annotations, and its links.</summary>
    public const int MaxAlertBytes = 256 * 1024;

    /// <summary>A sender's own key or fingerprint.</summary>
    public const int MaxKeyBytes = 1024;

    /// <summary>The title of an alert, in UTF-16 units: a longer one is cut and ends in an ellipsis.</summary>
    public const int MaxTitleLength = 1024;

    /// <summary>The links of one alert; more are left out.</summary>
    public const int MaxLinks = 32;
}
