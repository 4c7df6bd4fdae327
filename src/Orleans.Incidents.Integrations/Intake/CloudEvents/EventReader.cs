using System.Buffers.Text;
using System.Text;
using Incidents.Audit;
using Incidents.Integrations.Intake.Reading;

namespace Incidents.Integrations.Intake.CloudEvents;

/// <summary>Reads the events of one request, each by its mode, and judges them one by one.</summary>
internal sealed class EventReader
{
    private const string HeaderPrefix = "ce-";

    private readonly TranslationBuilder _alerts = new();
    private readonly StringBuilder _known = new();

    /// <summary>What was read.</summary>
    public Translation Build() => _alerts.Build() with { RequestKey = _known.Length == 0 ? null : _known.ToString() };

    /// <summary>Reads an event in the JSON format.</summary>
    public void ReadStructured(JsonValue item)
    {
        if (!_alerts.Next())
            return;
        if (!item.IsObject)
        {
            _alerts.Refuse(Reason.WrongType, "an event must be an object");
            return;
        }

        var members = new JsonFields(item);
        var data = members.Take("data");
        var base64 = members.Take("data_base64");
        var attributes = new AttributeReader(name => name);
        foreach (var (name, value) in members.Left.Where(m => !m.Value.IsAbsent))
            attributes.Add(name, value.Flat, value.IsText);
        if (CloudEvent.Read(attributes) is not { } e)
            Refuse(attributes.Trouble!);
        else if (!base64.IsAbsent)
            ReadBase64(e, data, base64);
        else if (e.DataType.Length > 0 && !MediaType.IsJson(e.DataType) && data.IsText)
            Judge(e, default, data.Text);
        else
            Judge(e, data, null);
    }

    /// <summary>Reads the event of a request whose headers are its attributes.</summary>
    public void ReadBinary(ReadOnlyMemory<byte> body, in IntakeContext context)
    {
        _alerts.Next();
        var attributes = new AttributeReader(name => HeaderPrefix + name);
        foreach (var header in context.HeaderNames().Where(h => h.StartsWith(HeaderPrefix, StringComparison.OrdinalIgnoreCase)))
            AddHeader(attributes, header[HeaderPrefix.Length..].ToLowerInvariant(), context.Header(header) ?? "");
        if (context.Header("Content-Type") is { } type && !string.IsNullOrWhiteSpace(type))
            attributes.Add("datacontenttype", type, isText: true);
        if (CloudEvent.Read(attributes) is { } e)
            ReadBytes(e, body);
        else
            Refuse(attributes.Trouble!);
    }

    // The binding forbids a header for the content type, and the name "data"; what it says instead is nowhere else.
    private static void AddHeader(AttributeReader attributes, string name, string value)
    {
        if (name is "datacontenttype" or "data" or "")
            return;
        if (HeaderText.Decode(value) is { } text)
            attributes.Add(name, text, isText: true);
        else
            attributes.Report(Titles.Quoted(name), Reason.InvalidValue, "is not UTF-8 when it is percent-decoded");
    }

    private void ReadBase64(CloudEvent e, JsonValue data, JsonValue base64)
    {
        if (!data.IsAbsent)
            _alerts.Refuse(Reason.InvalidValue, "data and data_base64 exclude each other");
        else if (!base64.IsText)
            _alerts.Refuse(Reason.WrongType, "data_base64 must be a string");
        else if (!Base64.IsValid(base64.Text))
            _alerts.Refuse(Reason.InvalidValue, "data_base64 is not base64");
        else
            ReadBytes(e, Convert.FromBase64String(base64.Text!));
    }

    // Without a content type nothing may be assumed about bytes, whatever they look like.
    private void ReadBytes(CloudEvent e, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty || !MediaType.IsJson(e.DataType))
            Judge(e, default, MediaType.IsText(e.DataType) ? Encoding.UTF8.GetString(bytes.Span) : null);
        else if (JsonBody.Visit(bytes, data => Judge(e, data, null)) is { } trouble)
            _alerts.Refuse(trouble.Reason, $"data: {trouble.Detail}");
    }

    private void Judge(CloudEvent e, JsonValue data, string? text)
    {
        var before = _alerts.Accepted;
        new EventAlert(e, data, text).Judge(_alerts);
        if (_alerts.Accepted > before)
            _known.Append(e.Source.Length).Append(':').Append(e.Source).Append(e.Id.Length).Append(':').Append(e.Id);
    }

    private void Refuse(Trouble trouble) => _alerts.Refuse(trouble.Reason, trouble.Detail);
}
