using System.Security.Cryptography;
using System.Text;

namespace Incidents.Decisions;

/// <summary>The kinds of actor. Values are stored; never renumber.</summary>
public enum ActorKind : byte
{
    /// <summary>Alerts that share a group key.</summary>
    Group = 1,

    /// <summary>A catalogue entry with its opening budget and storms.</summary>
    Service = 2,

    /// <summary>Urgent work, from opening to closing.</summary>
    Incident = 3,

    /// <summary>A person who can be paged.</summary>
    Responder = 4,

    /// <summary>Who or what acts.</summary>
    Identity = 5,

    /// <summary>One page on its way to one contact.</summary>
    Page = 6,

    /// <summary>A configured alert source.</summary>
    Integration = 7,

    /// <summary>The routing tree.</summary>
    Routing = 8,

    /// <summary>A delivery channel's settings.</summary>
    Channel = 9,

    /// <summary>A message that was kept aside, because it could not be decided on or stored.</summary>
    Letter = 10,
}

/// <summary>
/// Names one actor and its part of the journal: <c>kind/key</c>. The key is printable and not empty, and may itself hold slashes.
/// </summary>
public readonly record struct StreamId(ActorKind Kind, string Key)
{
    /// <summary>The number of shards that streams are spread over.</summary>
    public const int Shards = 256;

    /// <summary>
    /// The shard that owns the stream, from 0 to <see cref="Shards"/> - 1. A service, its groups found by labels and the incidents opened on
    /// it share one, and a responder and its pages: what one problem leads to is decided in few places. It is the first byte of SHA-256 over
    /// the service's or the responder's text, or else over the stream's own; an incident's id carries it.
    /// </summary>
    public int Shard
    {
        get
        {
            if (Kind == ActorKind.Incident && CommandId.ShardOf(Key) is { } carried)
                return carried;
            Span<byte> hash = stackalloc byte[32];
            SHA256.HashData(Encoding.UTF8.GetBytes(Owner), hash);
            return hash[0];
        }
    }

    // The stream beside which this one is placed.
    private string Owner
    {
        get
        {
            const int Fingerprint = 17;
            if (Kind == ActorKind.Group && Key[0] != '@' && Key.Length > Fingerprint)
                return Service(Key[..^Fingerprint]).ToString();
            return Kind == ActorKind.Page && Pages.PageContent.ResponderOf(Key) is { } responder ? Responder(responder).ToString() : ToString();
        }
    }

    /// <summary>The text form, which <see cref="Parse"/> reads.</summary>
    public override string ToString() => string.Concat(Prefix(Kind), Key);

    /// <summary>Reads <see cref="ToString"/>'s form.</summary>
    /// <exception cref="FormatException">Not such a text.</exception>
    public static StreamId Parse(string text)
    {
        foreach (var kind in Enum.GetValues<ActorKind>())
        {
            var prefix = Prefix(kind);
            if (text.StartsWith(prefix, StringComparison.Ordinal) && text.Length > prefix.Length)
                return new StreamId(kind, text[prefix.Length..]);
        }

        throw new FormatException($"'{text}' is not a stream");
    }

    /// <summary>What all streams of a kind begin with.</summary>
    public static string Prefix(ActorKind kind) => kind switch
    {
        ActorKind.Group => "group/",
        ActorKind.Service => "service/",
        ActorKind.Incident => "incident/",
        ActorKind.Responder => "responder/",
        ActorKind.Identity => "identity/",
        ActorKind.Page => "page/",
        ActorKind.Integration => "integration/",
        ActorKind.Routing => "routing/",
        ActorKind.Channel => "channel/",
        ActorKind.Letter => "letter/",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not an actor kind"),
    };

    /// <summary>An alert group found by labels: it shares its service's shard.</summary>
    public static StreamId GroupByLabels(string service, ulong fingerprint) => new(ActorKind.Group, $"{service}/{fingerprint:x16}");

    /// <summary>An alert group found by the sender's own key within an integration.</summary>
    public static StreamId GroupByKey(string integration, ulong fingerprint) => new(ActorKind.Group, $"@{integration}/{fingerprint:x16}");

    /// <summary>A service.</summary>
    public static StreamId Service(string id) => new(ActorKind.Service, id);

    /// <summary>An incident.</summary>
    public static StreamId Incident(string id) => new(ActorKind.Incident, id);

    /// <summary>A responder.</summary>
    public static StreamId Responder(string id) => new(ActorKind.Responder, id);

    /// <summary>An identity.</summary>
    public static StreamId Identity(string id) => new(ActorKind.Identity, id);

    /// <summary>An integration.</summary>
    public static StreamId Integration(string id) => new(ActorKind.Integration, id);

    /// <summary>A page, by its stable id.</summary>
    public static StreamId Page(string id) => new(ActorKind.Page, id);

    /// <summary>The settings of the channel <c>email</c>.</summary>
    public static StreamId Email { get; } = new(ActorKind.Channel, "email");

    /// <summary>A message that was kept aside, by the message's own id.</summary>
    public static StreamId Letter(CommandId message) => new(ActorKind.Letter, message.ToString());

    /// <summary>The one routing tree.</summary>
    public static StreamId Routing { get; } = new(ActorKind.Routing, "main");
}
