using Incidents.Engine.Codec;

namespace Incidents.Server.Tests.Web;

/// <summary>The timeline has a sentence, or a reason to be silent, for everything that can happen to an incident.</summary>
public sealed class TimelineTests
{
    public static TheoryData<string> Events => [.. Payloads.Types.Keys.Where(n => n.Split('.') is ["incident" or "group" or "page", _])];

    [Theory]
    [MemberData(nameof(Events))]
    public void Every_event_has_a_sentence_or_is_hidden_on_purpose(string happened)
    {
        using var stream = typeof(Program).Assembly.GetManifestResourceStream("timeline.js")!;
        using var script = new StreamReader(stream);
        Assert.Contains($"'{happened}'", script.ReadToEnd(), StringComparison.Ordinal);
    }
}
