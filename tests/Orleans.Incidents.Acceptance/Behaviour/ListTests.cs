using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Behaviour;

/// <summary>The list of incidents: filters, pages, and reading one's own writes.</summary>
public abstract class ListTests(Installation installation)
{
    private Api Admin => installation.Server.Admin;

    [Fact]
    public async Task The_list_is_filtered_by_status_severity_and_service()
    {
        var error = await Admin.OpenAsync("""{"title":"list error","severity":"error"}""");
        var warned = await Admin.OpenAsync("""{"title":"list warned","severity":"warning","labels":{"team":"warned"}}""");
        await Admin.PostAsync($"/api/v1/incidents/{error}/resolve");

        Assert.Equal("resolved", await WhereAsync(error, "&status=resolved"));
        Assert.Null(await WhereAsync(error, "&status=open"));
        Assert.Null(await WhereAsync(error, "&severity=warning"));
        Assert.Equal("triage", await WhereAsync(warned, "&status=open"));
        Assert.Equal("triage", await WhereAsync(warned, "&status=triage&severity=warning&service=warned"));
        Assert.Null(await WhereAsync(warned, "&service=default"));
        Assert.Null(await WhereAsync(warned, "&status=active"));
    }

    [Fact]
    public async Task Pages_of_the_list_leave_nothing_out_and_show_nothing_twice()
    {
        var opened = new List<string>();
        for (var i = 0; i < 7; i++)
            opened.Add(await Admin.OpenAsync($$"""{"title":"page {{i}}"}"""));

        var listed = (await Admin.IncidentsAsync(pageSize: 2, after: await PositionAsync(opened[^1]))).ConvertAll(i => i.GetProperty("id").GetString()!);

        Assert.Equal(listed.Distinct().OrderDescending(), listed);
        Assert.Empty(opened.Except(listed));
    }

    [Fact]
    public async Task A_list_asked_for_after_a_position_shows_what_was_done_there()
    {
        for (var i = 0; i < 10; i++)
        {
            var incident = await Admin.OpenAsync($$"""{"title":"after {{i}}"}""");
            var done = await Admin.PostAsync($"/api/v1/incidents/{incident}/resolve");
            var listed = await Admin.IncidentsAsync("&status=resolved", after: done.Json.GetProperty("position").GetInt64());
            Assert.Contains(listed, l => l.GetProperty("id").GetString() == incident);
        }
    }

    [Fact]
    public async Task A_position_that_does_not_come_is_said_so()
    {
        var answer = await Admin.GetAsync("/api/v1/incidents?after=999999999");

        Assert.Equal((503, "ViewsBehind"), (answer.Status, answer["reason"]));
        Assert.Contains(answer.Headers, h => h.Key == "Retry-After");
    }

    private async Task<string?> WhereAsync(string incident, string filter)
    {
        var found = (await Admin.IncidentsAsync(filter, after: await PositionAsync(incident))).Where(i => i.GetProperty("id").GetString() == incident).ToList();
        return found.Count == 0 ? null : Assert.Single(found).GetProperty("status").GetString();
    }

    private async Task<long> PositionAsync(string incident) => (await Admin.IncidentAsync(incident)).GetProperty("position").GetInt64();
}
