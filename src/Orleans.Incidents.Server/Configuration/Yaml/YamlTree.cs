using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Incidents.Server.Configuration.Yaml;

/// <summary>
/// Builds the tree of one YAML document from the parser's events, keeping every position. Bounded: depth, and the number
/// of values with aliases expanded, so that a small file cannot unfold into a huge one.
/// </summary>
internal sealed class YamlTree
{
    public const int MaxDepth = 64;
    public const int MaxValues = 250_000;

    private const string StringTag = "tag:yaml.org,2002:str";

    private readonly Parser _parser;
    private readonly Dictionary<string, Node> _anchors = [];
    private int _values;

    private YamlTree(string text) => _parser = new Parser(new StringReader(text));

    /// <summary>The document's root; <see langword="null"/> when the text cannot be read, and then one error is added.</summary>
    public static Node? Parse(string text, ErrorList errors)
    {
        var tree = new YamlTree(text);
        try
        {
            return tree.Document();
        }
        catch (YamlRefusal refusal)
        {
            errors.Add(refusal.At, "", refusal.Message);
        }
        catch (Exception exception) when (exception is YamlException or InvalidOperationException or ArgumentException)
        {
            // The parser ends some broken texts, such as an unclosed bracket or a tag that is none, with an exception that is not its own.
            var (at, message) = YamlFault.Describe(exception, text, tree._parser.Current);
            errors.Add(at, "", message);
        }

        return null;
    }

    private Node Document()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
            throw new YamlRefusal(new(1, 1), "the file is empty");
        var root = Value(0);
        if (root is ScalarNode { IsNull: true })
            throw new YamlRefusal(new(1, 1), "the file is empty");
        _parser.Consume<DocumentEnd>();
        return _parser.Accept<DocumentStart>(out var second)
            ? throw new YamlRefusal(Place(second), "a second document begins here; the file must hold one")
            : root;
    }

    private Node Value(int depth)
    {
        var at = Place(_parser.Current!);
        if (depth > MaxDepth)
            throw new YamlRefusal(at, $"nested deeper than {MaxDepth} levels");
        if (_parser.TryConsume<AnchorAlias>(out var alias))
            return Alias(alias);
        Count(at, 1);
        if (_parser.Current is NodeEvent { Tag.IsEmpty: false } tagged && tagged.Tag.Value != StringTag)
            throw new YamlRefusal(at, "tags other than !!str are not supported");
        return _parser.Current switch
        {
            Scalar => Text(_parser.Consume<Scalar>()),
            SequenceStart => List(_parser.Consume<SequenceStart>(), depth),
            _ => Map(_parser.Consume<MappingStart>(), depth),
        };
    }

    private Node Alias(AnchorAlias alias)
    {
        // An anchor is known once its value is complete, so a value cannot contain itself.
        if (!_anchors.TryGetValue(alias.Value.Value, out var target))
            throw new YamlRefusal(Place(alias), $"no value before this one is anchored as &{alias.Value.Value}");
        Count(Place(alias), target.Size);
        return target with { At = Place(alias) };
    }

    private Node Text(Scalar scalar) =>
        Anchored(scalar, new ScalarNode(Place(scalar), scalar.Value, scalar.Style == ScalarStyle.Plain && scalar.Tag.IsEmpty));

    private Node List(SequenceStart start, int depth)
    {
        var items = ImmutableArray.CreateBuilder<Node>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
            items.Add(Value(depth + 1));
        return Anchored(start, new ListNode(Place(start), items.ToImmutable(), 1 + items.Sum(i => i.Size)));
    }

    private Node Map(MappingStart start, int depth)
    {
        var entries = ImmutableArray.CreateBuilder<Entry>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = Value(depth + 1) as ScalarNode ?? throw new YamlRefusal(Place(start), "a key must be text, not a list or a mapping");
            entries.Add(new Entry(key.Text, key.At, Value(depth + 1)));
        }

        var merged = MergeKeys.Apply(entries.ToImmutable());
        return Anchored(start, new MapNode(Place(start), merged, 1 + merged.Sum(e => 1 + e.Value.Size)));
    }

    private Node Anchored(NodeEvent start, Node node)
    {
        if (!start.Anchor.IsEmpty)
            _anchors[start.Anchor.Value] = node;
        return node;
    }

    private void Count(Position at, int size)
    {
        _values += size;
        if (_values > MaxValues)
            throw new YamlRefusal(at, $"more than {MaxValues} values, aliases expanded");
    }

    private static Position Place(ParsingEvent e) => new((int)e.Start.Line, (int)e.Start.Column);
}
