using System.Globalization;
using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Behaviour;

/// <summary>Request budgets, and what receipts say.</summary>
public abstract class BudgetAndReceiptTests(Installation installation)
{
    private const string Firing = """{"version":"4","status":"firing","alerts":[{"status":"firing","labels":{"alertname":"tight"}}]}""";

    [Fact]
    public async Task Past_the_request_budget_a_sender_is_told_when_to_come_again()
    {
        // Of one of the silos: each counts for itself.
        var server = installation.Server;
        using var tight = server.As(TestConfig.Tight);
        for (var i = 0; i < 2; i++)
            await tight.AlertAsync($$"""{"title":"tight {{i}}"}""", "tight");

        var over = await tight.PostAsync("/integrations/tight/alerts", """{"title":"tight over"}""");

        Assert.Equal((429, "OverRequestBudget", "application/problem+json"), (over.Status, over["reason"], over.MediaType));
        Assert.InRange(RetryAfter(over), 1, 3600);

        // The same identity by the webhook of Alertmanager, which takes 429 for final and 503 for later.
        using var webhook = server.As(TestConfig.TightWebhook);
        var shed = await webhook.PostAsync("/integrations/tight-webhook/alerts", Firing);
        Assert.Equal((503, "OverRequestBudget"), (shed.Status, shed["reason"]));
        Assert.InRange(RetryAfter(shed), 1, 3600);
        Assert.DoesNotContain(await installation.Server.Admin.IncidentsAsync(), i => i.GetProperty("title").GetString() is "tight over" or "tight");
    }

    [Fact]
    public async Task A_receipt_says_in_a_sentence_what_became_of_its_alert()
    {
        const string alert = """{"title":"told","dedup_key":"told","severity":"critical"}""";
        var first = (await installation.Server.Admin.AlertAsync(alert))[0];
        var incident = (await installation.Server.Admin.OutcomeAsync(first)).GetProperty("incident").GetString()!;
        var second = (await installation.Server.Admin.AlertAsync(alert))[0];

        // What two silos were sent one after the other is decided in this order only where the first is decided before the second is sent.
        await installation.Server.Admin.OutcomeAsync(second);
        var third = (await installation.Server.Admin.AlertAsync(alert))[0];
        var late = (await installation.Server.Admin.AlertAsync("""{"action":"resolve","title":"nobody","dedup_key":"nobody"}"""))[0];

        Assert.Equal($"OpenedGroup: incident {incident}", await SummaryAsync(first));
        Assert.Equal($"repeat 1 of 2, folded into {incident}", await SummaryAsync(second));
        Assert.Equal($"repeat 2 of 2, folded into {incident}", await SummaryAsync(third));
        Assert.Equal("changed nothing: NothingOpen", await SummaryAsync(late));
        await installation.Pager.PageOfAsync(incident);
        await Eventually.TrueAsync("the receipt shows the page", async () => (await installation.Server.Admin.OutcomeAsync(first)).GetProperty("pages").GetArrayLength() == 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task A_receipt_cannot_be_guessed(int character)
    {
        var receipt = (await installation.Server.Admin.AlertAsync("""{"title":"guessed"}"""))[0].ToCharArray();
        ref var changed = ref receipt[character < 0 ? receipt.Length - 1 : character];
        changed = changed == '0' ? '1' : '0';

        Assert.Equal(404, (await installation.Server.Admin.GetAsync($"/api/v1/receipts/{new string(receipt)}")).Status);
    }

    private async Task<string> SummaryAsync(string receipt) => (await installation.Server.Admin.OutcomeAsync(receipt)).GetProperty("summary").GetString()!;

    private static int RetryAfter(Answer answer) => int.Parse(Assert.Single(answer.Headers.GetValues("Retry-After")), CultureInfo.InvariantCulture);
}
