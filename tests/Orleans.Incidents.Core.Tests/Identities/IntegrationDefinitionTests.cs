using Incidents.Alerts;
using Incidents.Identities;
using NodaTime;

namespace Incidents.Core.Tests.Identities;

public class IntegrationDefinitionTests
{
    private static readonly IntegrationDefinition Plain = new("prod", "generic", "bot", LabelSet.Empty, Duration.FromMinutes(5), "hash");
    private static readonly IntegrationDefinition Mapped = Plain with { SeverityMap = IntegrationDefinition.NoSeverities.Add("page", Severity.Critical) };

    [Theory]
    [InlineData("page", Severity.Critical)]
    [InlineData("PAGE", Severity.Critical)]
    [InlineData("ticket", Severity.Info)]
    [InlineData(null, Severity.Info)]
    public void Its_own_word_counts_before_what_the_translator_understood(string? word, Severity expected) =>
        Assert.Equal(expected, Mapped.SeverityOf(word, Severity.Info));

    [Fact]
    public void Without_a_map_the_translator_decides() => Assert.Null(Plain.SeverityOf("page", null));
}
