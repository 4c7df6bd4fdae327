using System.Text.Json;
using Incidents.Audit;
using Incidents.Server.Api;
using Incidents.Server.Tests.Api;
using Microsoft.OpenApi;

namespace Incidents.Fuzz.Http;

/// <summary>
/// The laws of an answer: none is an error of the server; a refusal is a problem with a reason of ours or, at an address of another
/// product, in that product's words; and what is answered is what the description says.
/// </summary>
internal sealed class AnswerCheck(OpenApiDocument document)
{
    // What the standard lets no application answer: the transport refuses it, without a body.
    private static readonly int[] Transport = [400, 408, 411, 413, 414, 431, 501, 505];

    // Refusals that say what is not there and have no reason: the address itself, a receipt, a test, a format, a link.
    private static readonly string[] Plain = ["Not Found", "Method Not Allowed", "Unsupported Media Type", "No such receipt", "No such test", "Unknown format", "Link not valid"];

    public void Check(Sent sent, RawAnswer? answer)
    {
        if (answer is null)
        {
            Law.Holds(!sent.IsWhole, "a whole request is answered");
            return;
        }

        Law.Holds(answer.Status is >= 200 and < 600, $"{answer.Status} is a status");
        if (answer.Body.Length == 0 && Transport.Contains(answer.Status))
            return;
        Law.Holds(answer.Status < 500 || IsFull(sent, answer), $"no error of the server: {answer.Status} {answer.Body}");
        Law.Holds(answer.Status < 400 || !(answer.Body.Contains("   at ", StringComparison.Ordinal) || answer.Body.Contains("Exception", StringComparison.Ordinal)), "nothing of the inside is shown: " + answer.Body);
        if (sent.Method == "HEAD")
            Law.Holds(answer.Body.Length == 0, "the answer to HEAD has no body");
        else if (answer.Status >= 400 && answer.MediaType == "application/problem+json")
            Problem(answer);
        else if (answer.Status >= 400)
            Law.Holds(sent.Template is "/v2/enqueue" or "/api/v2/alerts" or "/integrations/{integration}/{token}/api/v2/alerts" || !sent.IsWhole || sent.Path.Contains("/api/v2/alerts", StringComparison.Ordinal), $"a refusal is a problem: {answer.Status} {answer.MediaType} {answer.Body}");
        if (sent.IsWhole && sent.Method != "HEAD" && document.Paths.TryGetValue(sent.Template, out var path))
            Described(sent, answer, path.Operations!.FirstOrDefault(o => o.Key.Method == sent.Method).Value);
    }

    private static void Problem(RawAnswer answer)
    {
        using var problem = JsonDocument.Parse(answer.Body);
        var root = problem.RootElement;
        Law.Holds(root.GetProperty("status").GetInt32() == answer.Status, "a problem has the answer's status");
        var title = root.GetProperty("title").GetString()!;
        Law.IsLine(title, 100, "the title");
        if (root.TryGetProperty("detail", out var detail))
            Law.Holds(detail.GetString()!.Length < 2_000, $"a detail is short: {detail}");
        if (!root.TryGetProperty("reason", out var named))
            Law.Holds(Plain.Contains(title), $"a problem has a reason: {answer.Body}");
        else
            Law.Holds(Enum.TryParse<Reason>(named.GetString(), out var reason) && (Problems.Status(reason) == answer.Status || reason is Reason.Malformed or Reason.OverRequestBudget), $"{named} is a reason of {answer.Status}");
    }

    // Only somebody who asks for what is still to come may be told to wait.
    private static bool IsFull(Sent sent, RawAnswer answer) =>
        (answer.Status == 503 && sent.Path.Contains("after=", StringComparison.Ordinal) && answer.Body.Contains("\"reason\":\"ViewsBehind\"", StringComparison.Ordinal))
        || (!sent.IsWhole && answer.Status == 505);

    // A problem may say more than all problems do.
    private static void Described(Sent sent, RawAnswer answer, OpenApiOperation? operation)
    {
        if (operation is null || (answer.Status is 404 or 405 && !answer.Body.Contains("\"reason\"", StringComparison.Ordinal)))
            return;
        Law.Holds(operation.Responses!.TryGetValue($"{answer.Status}", out var response), $"{sent.Method} {sent.Template} does not say that it answers {answer.Status} {answer.Body}");
        if (answer.Body.Length == 0 || answer.MediaType is "text/plain" or "application/openmetrics-text")
            return;
        Law.Holds(response!.Content?.TryGetValue(answer.MediaType, out _) == true, $"{sent.Method} {sent.Template} does not say that it answers {answer.Status} as {answer.MediaType}");
        using var json = JsonDocument.Parse(answer.Body);
        var faults = SchemaCheck.Faults(json.RootElement, response.Content![answer.MediaType].Schema!).Where(f => answer.Status < 400 || !f.EndsWith("is not in the schema", StringComparison.Ordinal)).ToList();
        Law.Holds(faults.Count == 0, $"{sent.Method} {sent.Template} {answer.Status}: {string.Join("; ", faults)}");
    }
}
