using Incidents.Alerts;
using Incidents.Routing.Matchers;
using Incidents.Server.Preview;

namespace Incidents.Server.Tests.Preview;

public sealed class MatcherVerdictTests
{
    private static readonly LabelSet Labels = LabelSet.Of("service", "db", "env", "production", "Team", "storage", "note", "x ");

    [Theory]
    [InlineData("service=db", true, "service is \"db\"")]
    [InlineData("service=web", false, "service is \"db\", not \"web\"")]
    [InlineData("service=DB", false, "service is \"db\", not \"DB\" (they differ by case only)")]
    [InlineData("note=x", false, "note is \"x \", not \"x\" (they differ by white space only)")]
    [InlineData("service=\"d.\"", false, "service is \"db\", not \"d.\" (= compares texts; =~ would match)")]
    [InlineData("host=a", false, "host is absent, not \"a\"")]
    [InlineData("team=storage", false, "team is absent, not \"storage\" (there is Team: names differ by case)")]
    [InlineData("host=\"\"", true, "host is absent")]
    [InlineData("service=\"\"", false, "service is \"db\", not absent")]
    [InlineData("service!=web", true, "service is \"db\", not \"web\"")]
    [InlineData("service!=db", false, "service is \"db\", which is what must not be")]
    [InlineData("host!=a", true, "host is absent, not \"a\"")]
    [InlineData("host!=\"\"", false, "host is absent, which is what must not be")]
    [InlineData("env=~\"prod.*\"", true, "env is \"production\", which matches prod.*")]
    [InlineData("env=~\"prod\"", false, "env is \"production\", which does not match prod (a pattern must match the whole value; a part of it does)")]
    [InlineData("env=~\"PROD.*\"", false, "env is \"production\", which does not match PROD.* (they differ by case only; (?i) before the pattern would match)")]
    [InlineData("env=~\"dev|test\"", false, "env is \"production\", which does not match dev|test")]
    [InlineData("host=~\".*\"", true, "host is absent, which matches .*")]
    [InlineData("env!~\"dev|test\"", true, "env is \"production\", which does not match dev|test")]
    [InlineData("env!~\"prod.*\"", false, "env is \"production\", which matches prod.* and must not")]
    public void A_verdict_says_what_it_saw_and_what_it_wanted(string matcher, bool holds, string text)
    {
        var verdict = MatcherVerdict.Of(MatcherParser.ParseOne(matcher).Value, Labels);
        Assert.Equal((holds, text), (verdict.Holds, verdict.Text));
    }

    [Fact]
    public void A_value_cannot_move_the_cursor_of_who_reads_it()
    {
        var verdict = MatcherVerdict.Of(Matcher.EqualTo("a", "b"), LabelSet.Of("a", "\u001b[2Jx\n\"y\""));
        Assert.Equal("a is \"\\u001b[2Jx\\n\\\"y\\\"\", not \"b\"", verdict.Text);
    }
}
