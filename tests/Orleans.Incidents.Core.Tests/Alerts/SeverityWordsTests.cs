namespace Incidents.Alerts;

public class SeverityWordsTests
{
    [Theory]
    [InlineData(Severity.Critical, "critical fatal emergency emerg disaster crit p1 sev0 sev1")]
    [InlineData(Severity.Error, "error err high major p2 sev2")]
    [InlineData(Severity.Warning, "warning warn minor average medium p3 sev3")]
    [InlineData(Severity.Info, "info information informational notice low none p4 p5 debug")]
    public void Each_word_stands_for_its_severity_in_any_case(Severity severity, string words) => Assert.All(words.Split(' '), word =>
    {
        Assert.Equal(severity, SeverityWords.Read(word));
        Assert.Equal(severity, SeverityWords.Read(word.ToUpperInvariant()));
    });

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("page")]
    public void A_word_that_is_absent_or_unknown_stands_for_nothing(string? word) => Assert.Null(SeverityWords.Read(word));

    [Fact]
    public void The_name_of_a_severity_is_its_word() =>
        Assert.Equal(["critical", "error", "warning", "info"], Enum.GetValues<Severity>().Order().Select(s => s.Name()));

    [Fact]
    public void Of_two_the_more_urgent_is_the_one_that_is_nearer_to_critical() =>
        Assert.Equal((Severity.Critical, Severity.Warning), (SeverityWords.MoreUrgent(Severity.Error, Severity.Critical), SeverityWords.MoreUrgent(Severity.Warning, Severity.Info)));
}
