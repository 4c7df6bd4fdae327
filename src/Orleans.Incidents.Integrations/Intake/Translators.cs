using System.Collections.Frozen;
using System.Collections.Immutable;
using Incidents.Integrations.Intake.AlertmanagerApi;
using Incidents.Integrations.Intake.AlertmanagerWebhook;
using Incidents.Integrations.Intake.CloudEvents;
using Incidents.Integrations.Intake.GenericJson;
using Incidents.Integrations.Intake.PagerDutyEvents;

namespace Incidents.Integrations.Intake;

/// <summary>
/// Every format there is. To add one: a folder <c>Intake/&lt;Format&gt;</c> with a translator that reads through
/// <c>JsonBody.Read</c> and <c>JsonFields</c>, a line here, and tests with a small payload of your own.
/// </summary>
public static class Translators
{
    /// <summary>One translator a format name; stateless and thread-safe.</summary>
    public static ImmutableArray<ITranslator> All { get; } =
    [
        new AlertmanagerWebhookTranslator(),
        new AlertmanagerWebhookTranslator(AlertmanagerWebhookTranslator.Version3),
        new AlertmanagerApiTranslator(),
        new PagerDutyEventsTranslator(),
        new GenericJsonTranslator(),
        new CloudEventsTranslator(CloudEventsTranslator.Structured),
        new CloudEventsTranslator(CloudEventsTranslator.Binary),
        new CloudEventsTranslator(CloudEventsTranslator.Batch),
    ];

    private static readonly FrozenDictionary<string, ITranslator> ByFormat = All.ToFrozenDictionary(t => t.Format);

    /// <summary>The translator of a format by its exact name; <see langword="null"/> when there is none.</summary>
    public static ITranslator? Find(string format) => ByFormat.GetValueOrDefault(format);
}
