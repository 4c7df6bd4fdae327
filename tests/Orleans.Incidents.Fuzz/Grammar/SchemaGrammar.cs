using System.Text;
using System.Text.Json;

namespace Incidents.Fuzz.Grammar;

/// <summary>Writes configuration files by their own JSON Schema, so that a new key is tried as soon as it is described.</summary>
internal sealed class SchemaGrammar(string schema)
{
    private const int MaxDepth = 9;

    private static readonly string[] Ids = ["a", "b", "web", "db-1", "x_y", "olga", "Bad Id", "é", "a.b", "default"];

    private static readonly string[] Scalars =
    [
        "a", "web", "olga", "default", "human", "service", "agent", "2099-01-01", "2027-12-31T18:00:00Z", "120/1m burst 240", "3/1h", "5m", "0", "1h30m", "-1", "5", "1e9", "true", "no", "~", "null", "''", "\"\\u0000\"", "env:TOKEN",
        "env:ABSENT", "file:secret", "env:", "plain-secret", "https://h/", "ftp://h", "generic-json", "alertmanager-webhook-v4", "webhook", "email", "console", "critical", "odd", "a=b", "'{a=~\"x|y\"}'", "\"a=~\\\"(\\\"\"", "['...']", "olga@example.org",
        "smtp.example.org:587", "*x", "&x a", "!!str 5", "|\n      text", "[a, b]", "{a: b}", "\"half", "- a", "0x10", "1_000", ".inf", "2026-02-30", "a: b", "#", "🙂",
    ];

    private readonly JsonElement _root = JsonDocument.Parse(schema).RootElement;

    /// <summary>The words of the schema: its keys.</summary>
    public IEnumerable<string> Keys => _root.GetProperty("$defs").EnumerateObject().Append(_root.EnumerateObject().First(p => p.Name == "properties"))
        .SelectMany(d => d.Name == "properties" ? d.Value.EnumerateObject() : d.Value.TryGetProperty("properties", out var all) ? all.EnumerateObject() : default).Select(p => p.Name).Distinct(StringComparer.Ordinal);

    public string Write(Random random)
    {
        var text = new StringBuilder();
        Node(text, random, _root, 0);
        return text.ToString();
    }

    private void Node(StringBuilder text, Random random, JsonElement schema, int depth)
    {
        while (schema.TryGetProperty("$ref", out var to))
            schema = _root.GetProperty("$defs").GetProperty(to.GetString()!.Split('/')[^1]);
        if (random.Next(40) == 0 || depth > MaxDepth)
            text.Append(' ').Append(random.Pick(Scalars)).Append('\n');
        else if (schema.TryGetProperty("enum", out var words))
            text.Append(' ').Append(random.Pick(words.EnumerateArray().Select(w => w.ToString()).ToList())).Append('\n');
        else if (schema.TryGetProperty("properties", out var members))
            Members(text, random, members, depth);
        else if (schema.TryGetProperty("additionalProperties", out var each) && each.ValueKind == JsonValueKind.Object)
            Map(text, random, each, depth);
        else if (schema.TryGetProperty("items", out var item))
            List(text, random, item, depth);
        else
            text.Append(' ').Append(random.Pick(Scalars)).Append('\n');
    }

    private void Members(StringBuilder text, Random random, JsonElement members, int depth)
    {
        var chosen = members.EnumerateObject().Where(_ => random.Chance(depth == 0 ? 80 : 45)).ToList();
        text.Append(chosen.Count == 0 ? " {}\n" : depth == 0 ? "" : "\n");
        foreach (var member in chosen)
        {
            text.Append(' ', 2 * depth).Append(random.Next(40) == 0 ? member.Name + "x" : member.Name).Append(':');
            Node(text, random, member.Value, depth + 1);
        }
    }

    private void Map(StringBuilder text, Random random, JsonElement each, int depth)
    {
        text.Append('\n');
        foreach (var id in Ids.Where(_ => random.Chance(25)))
        {
            text.Append(' ', 2 * depth).Append(id).Append(':');
            Node(text, random, each, depth + 1);
        }
    }

    private void List(StringBuilder text, Random random, JsonElement item, int depth)
    {
        text.Append('\n');
        foreach (var _ in Enumerable.Range(0, random.Next(1, 3)))
        {
            text.Append(' ', 2 * depth).Append('-');
            Node(text, random, item, depth + 1);
        }
    }
}
