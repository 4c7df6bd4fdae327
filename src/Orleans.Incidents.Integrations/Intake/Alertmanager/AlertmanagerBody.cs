using System.Text.Json;
using Incidents.Integrations.Intake.Reading;

namespace Incidents.Integrations.Intake.Alertmanager;

/// <summary>Reads a body from its first token, and may stop anywhere.</summary>
internal delegate Translation BodyReading(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, in IntakeContext context);

/// <summary>The frame around both Alertmanager formats: one pass over the bytes, and nothing but JSON before and after.</summary>
internal static class AlertmanagerBody
{
    /// <summary>Reads the body; one that is not JSON to its very end is refused as a whole, whatever was read of it.</summary>
    public static Translation Read(ReadOnlySpan<byte> body, in IntakeContext context, BodyReading read)
    {
        var reader = new Utf8JsonReader(body, JsonBody.Options);
        try
        {
            reader.Read();
            var translation = read(ref reader, body, context);
            while (reader.Read())
            {
                // What was not looked at must be JSON all the same.
            }

            return translation;
        }
        catch (JsonException e)
        {
            return JsonBody.NotJson(body, e);
        }
    }
}
