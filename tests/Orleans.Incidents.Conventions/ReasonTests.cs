using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Incidents.Audit;

namespace Incidents.Conventions;

/// <summary>docs/reasons.md is the rule index: every reason has its row, and every row tells the truth.</summary>
public partial class ReasonTests
{
    private static readonly Lazy<IReadOnlyDictionary<string, Row>> Rows = new(Read);

    public static TheoryData<Reason> All => [.. Enum.GetValues<Reason>()];

    [Fact]
    public void The_index_lists_every_reason_once_in_order_and_nothing_else() =>
        Assert.Equal(Enum.GetNames<Reason>(), Rows.Value.Keys);

    [Theory]
    [MemberData(nameof(All))]
    public void Every_reason_is_produced_where_the_index_says(Reason reason)
    {
        var path = "src/Orleans.Incidents." + Row.Of(reason).File;
        var file = Assert.Single(Sources.Below("src"), f => f.Path == path);
        Assert.True(Mentions(file, reason), $"{path} does not make {reason}");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_reason_is_asserted_where_the_index_says(Reason reason)
    {
        var test = Row.Of(reason).Test;
        var file = Assert.Single(Sources.Below("tests"), f => f.Path.EndsWith($"/{test}.cs", StringComparison.Ordinal));
        Assert.True(Mentions(file, reason) || file.Text.Contains($"\"{reason}\"", StringComparison.Ordinal), $"{file} does not mention {reason}");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_status_is_the_one_that_the_server_answers(Reason reason)
    {
        var status = Assembly.Load("Orleans.Incidents.Server").GetType("Incidents.Server.Api.Problems", throwOnError: true)!.GetMethod("Status", BindingFlags.Public | BindingFlags.Static)!;
        Assert.Equal(Row.Of(reason).Status, status.Invoke(null, [reason]));
    }

    [Fact]
    public void A_reason_is_no_server_error_but_for_a_server_that_is_full_or_behind_or_stands_by_or_is_being_replaced_or_nobody_to_ask() =>
        Assert.Equal(["Overloaded", "ViewsBehind", "Standby", "OwnerUnreachable", "NodesOfAnOlderVersion"], Rows.Value.Where(r => r.Value.Status >= 500).Select(r => r.Key));

    [Fact]
    public void Whoever_is_refused_is_told_what_to_do() =>
        Assert.All(Rows.Value.Values, row => Assert.True(row.Status == 200 || row.Advice.Length > 10, row.ToString()));

    [Fact]
    public void Every_row_states_its_rule() => Assert.All(Rows.Value.Values, row => Assert.True(row.Rule.Length > 15 && row.Rule.EndsWith('.'), row.ToString()));

    private static bool Mentions(SourceFile file, Reason reason) => Named().Matches(file.Text).Any(m => m.Groups["name"].Value == reason.ToString());

    private static Dictionary<string, Row> Read()
    {
        var rows = new Dictionary<string, Row>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(Path.Combine(Sources.Root, "docs", "reasons.md")))
        {
            var m = Line().Match(line);
            if (m.Success)
                rows.Add(Part("name"), new Row(Part("rule"), Part("file"), Part("test"), int.Parse(Part("status"), CultureInfo.InvariantCulture), Part("advice")));

            string Part(string name) => m.Groups[name].Value;
        }

        return rows;
    }

    [GeneratedRegex(@"^\| `(?<name>\w+)` \| (?<rule>.+) \| `(?<file>[\w./]+)` \| `(?<test>\w+)` \| (?<status>\d{3}) \| (?<advice>.+) \|$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Line();

    [GeneratedRegex(@"(?<![A-Za-z])Reason\.(?<name>\w+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Named();

    private sealed record Row(string Rule, string File, string Test, int Status, string Advice)
    {
        public static Row Of(Reason reason) => Rows.Value[reason.ToString()];
    }
}
