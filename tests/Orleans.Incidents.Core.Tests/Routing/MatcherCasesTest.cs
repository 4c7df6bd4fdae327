using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Incidents.Routing.Matchers;
using Incidents.Routing.Re2;

namespace Incidents.Routing;

public sealed class MatcherCasesTest
{
    private const string File = "matchers.json";

    public static TheoryData<string> Cases => SharedCases.Ids(File);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Peers_case_holds(string id)
    {
        var @case = SharedCases.Get(File, id);
        Assert.Equal(Normal(@case["expect"]!), Answer(@case).ToJsonString());
    }

    /// <summary>The exact text of an error is the reference's own affair; that there is one is the requirement.</summary>
    private static string Normal(JsonNode expect)
    {
        var copy = expect.DeepClone().AsObject();
        copy.Remove("errorText");
        return copy.ToJsonString();
    }

    private static JsonObject Answer(JsonNode c)
    {
        var input = c["input"] is JsonValue text ? (string)text! : "";
        return (string)c["kind"]! switch
        {
            "parse_utf8" => List(MatcherParser.ParseAll(input, MatcherMode.Utf8Strict)),
            "parse_classic" => List(MatcherParser.ParseAll(input, MatcherMode.Classic)),
            "parse_fallback" => List(MatcherParser.ParseAll(input)),
            "parse_utf8_single" => One(MatcherParser.ParseOne(input, MatcherMode.Utf8Strict)),
            "parse_fallback_single" => One(MatcherParser.ParseOne(input)),
            "label_name_classic" => new() { ["valid"] = MatcherGrammar.IsLabelName(input, MatcherMode.Classic) },
            "label_name_utf8" => new() { ["valid"] = MatcherGrammar.IsLabelName(input, MatcherMode.Utf8Strict) },
            "value_match" => new() { ["match"] = Matcher.Create("a", Operator(c["op"]!), (string)c["pattern"]!).Value.Matches((string)c["value"]!) },
            "regex_compile" => new() { ["valid"] = AnchoredPattern.Compile((string)c["pattern"]!).IsValid },
            "set_match" => new() { ["match"] = MatcherParser.ParseAll(input).Value.All(m => m.Matches(SharedCases.Labels(c["labels"]))) },
            "to_string" => new() { ["text"] = Read(c["matcher"]!).ToString() },
            "to_json" => new() { ["json"] = ToJson(Read(c["matcher"]!)) },
            "from_json" => new() { ["matcher"] = Write(FromJson(c["input"]!)) },
            var kind => throw new InvalidOperationException($"no such kind: {kind}"),
        };
    }

    private static JsonObject List(Parsed<ImmutableArray<Matcher>> parsed) => parsed.IsValid
        ? new() { ["matchers"] = new JsonArray([.. parsed.Value.Select(Write)]) }
        : new() { ["error"] = true };

    private static JsonObject One(Parsed<Matcher> parsed) =>
        parsed.IsValid ? new() { ["matchers"] = new JsonArray(Write(parsed.Value)) } : new() { ["error"] = true };

    private static JsonObject Write(Matcher m) => new() { ["name"] = m.Name, ["op"] = m.Operator.Text(), ["value"] = m.Value };

    private static Matcher Read(JsonNode m) => Matcher.Create((string)m["name"]!, Operator(m["op"]!), (string)m["value"]!).Value;

    private static MatchOperator Operator(JsonNode op) => Enum.GetValues<MatchOperator>().Single(o => o.Text() == (string)op!);

    private static JsonObject ToJson(Matcher m) =>
        new() { ["name"] = m.Name, ["value"] = m.Value, ["isRegex"] = m.IsRegex, ["isEqual"] = m.IsEqual };

    private static Matcher FromJson(JsonNode m) =>
        Matcher.Create((string)m["name"]!, MatchOperators.Of((bool)m["isRegex"]!, (bool?)m["isEqual"] ?? true), (string)m["value"]!).Value;
}
