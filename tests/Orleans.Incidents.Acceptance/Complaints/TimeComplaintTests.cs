using Incidents.Incidents;

namespace Incidents.Acceptance.Complaints;

/// <summary>What takes hours or months, on a clock that the test moves.</summary>
public class TimeComplaintTests
{
    private const string Disk = """{"title":"Disk full","dedup_key":"disk","severity":"critical"}""";

    /// <summary>prometheus/alertmanager #4064: after a restart alerts that were held back fire at once, because they began long ago.</summary>
    [Fact]
    public async Task A_restart_cuts_no_wait_short_and_pages_for_nothing_that_is_known()
    {
        await using var office = await Office.OpenAsync();
        var taken = await office.SendAsync(Disk);
        await office.ActAsync(taken, new AcknowledgeIncident());
        const string waits = """{"title":"Old","dedup_key":"old","severity":"critical","started_at":"2026-02-27T12:00:00Z","labels":{"team":"waits"}}""";
        var held = await office.SendAsync(waits);

        await office.CloseForAsync(TimeSpan.FromMinutes(1));
        Assert.Equal((taken, held), (await office.SendAsync(Disk), await office.SendAsync(waits)));
        Assert.Empty(office.Timeline(held));
        Assert.Equal(1, office.Pages(taken));

        await office.SendAsync("""{"action":"resolve","title":"Old","dedup_key":"old"}""");
        await office.PassAsync(TimeSpan.FromMinutes(10));
        var next = await office.SendAsync("""{"title":"Later","dedup_key":"later","severity":"critical"}""");
        await office.HappensAsync(next, "incident.step-paged");
        Assert.Empty(office.Timeline(held));
    }

    /// <summary>grafana/oncall #3111: an old, acknowledged alert was escalated after two months.</summary>
    [Fact]
    public async Task What_a_process_slept_through_for_two_months_pages_nobody()
    {
        await using var office = await Office.OpenAsync();
        var open = await office.SendAsync("""{"title":"Open","dedup_key":"open","severity":"critical"}""");
        var taken = await office.SendAsync(Disk);
        await office.ActAsync(taken, new AcknowledgeIncident());

        await office.CloseForAsync(TimeSpan.FromDays(61));

        await office.HappensAsync(open, "incident.escalation-lapsed TimerTooOld");
        await office.HappensAsync(taken, "incident.escalation-lapsed TimerTooOld");
        Assert.Equal((1, 1), (office.Pages(open), office.Pages(taken)));
    }

    /// <summary>target/goalert #3378, grafana/oncall #1792: acknowledged and then forgotten.</summary>
    [Fact]
    public async Task What_was_acknowledged_is_not_forgotten_unless_a_person_is_at_it()
    {
        await using var office = await Office.OpenAsync();
        var incident = await office.SendAsync(Disk);
        await office.ActAsync(incident, new AcknowledgeIncident());
        await office.PassAsync(TimeSpan.FromMinutes(29));
        await office.ActAsync(incident, new AddNote("looking"));
        await office.PassAsync(TimeSpan.FromMinutes(29));
        await office.HappensAsync(incident, "incident.lease-armed AcknowledgementStands");
        Assert.Equal(1, office.Pages(incident));

        await office.PassAsync(TimeSpan.FromMinutes(2));
        await office.HappensAsync(incident, "incident.acknowledgement-expired AcknowledgementExpired");
        Assert.Equal(2, office.Pages(incident));
    }

    /// <summary>keephq/keep #4318 and #2776, target/goalert #914: only wake me after so many.</summary>
    [Fact]
    public async Task Nobody_is_woken_before_an_alert_fired_so_often_unless_it_is_critical()
    {
        await using var office = await Office.OpenAsync();
        static string Alert(string key, string severity) => $$$"""{"title":"Slow","dedup_key":"{{{key}}}","severity":"{{{severity}}}","labels":{"team":"counts"}}""";
        var incident = await office.SendAsync(Alert("slow", "error"));
        Assert.Empty(office.Timeline(incident));
        await office.PassAsync(TimeSpan.FromMinutes(11));
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(incident, await office.SendAsync(Alert("slow", "error")));
            Assert.Empty(office.Timeline(incident));
        }

        Assert.Equal(incident, await office.SendAsync(Alert("slow", "error")));
        Assert.Equal(1, office.Pages(incident));
        Assert.Equal(1, office.Pages(await office.SendAsync(Alert("down", "critical"))));
    }
}
