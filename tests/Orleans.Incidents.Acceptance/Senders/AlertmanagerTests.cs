using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Incidents.Acceptance.Processes;
using Incidents.Integrations.Delivery.Webhook;

namespace Incidents.Acceptance.Senders;

/// <summary>Alertmanager as Debian ships it, and its own tool, in front of the server: both end in a signed page.</summary>
public abstract class AlertmanagerTests(Installation installation)
{
    [Fact]
    public async Task What_Alertmanager_notifies_us_of_ends_in_a_signed_page()
    {
        var program = Tool.Find("prometheus-alertmanager");
        Tool.Find("amtool");
        using var folder = new Folder();
        var port = FreePort();
        using var alertmanager = Start(program, folder, port);
        try
        {
            await Eventually.TrueAsync("Alertmanager is ready", () => IsReadyAsync(port));

            var run = await Tool.RunAsync("amtool", "alert", "add", "alertname=ByAlertmanager", "severity=critical", $"--alertmanager.url=http://127.0.0.1:{port}");

            Assert.True(run.Exit == 0, run.Errors);
            await AssertPagedAsync("ByAlertmanager");
        }
        finally
        {
            alertmanager.Kill();
        }
    }

    [Fact]
    public async Task Amtool_speaks_to_us_as_it_speaks_to_Alertmanager()
    {
        var run = await Tool.RunAsync(
            "amtool", "alert", "add", "alertname=ByAmtool", "severity=critical", $"--alertmanager.url=http://x:{TestConfig.Prometheus}@127.0.0.1:{installation.Server.Port}");

        Assert.True(run.Exit == 0, run.Errors);
        await AssertPagedAsync("ByAmtool");
    }

    private async Task AssertPagedAsync(string title)
    {
        var page = await Eventually.GetAsync($"a page of {title}", () => Task.FromResult(installation.Pager.Pages.FirstOrDefault(p => p.Title.Contains(title))));
        Assert.Equal((WebhookVerification.Valid, "critical"), (page.Signature, page.Severity));
        Assert.Equal("active", await installation.Server.Admin.StatusAsync(page.Incident));
    }

    private Process Start(string program, Folder folder, int port)
    {
        var config = folder.Write("alertmanager.yml", $$"""
            route: { receiver: incidents, group_wait: 0s, group_by: ['...'] }
            receivers:
              - name: incidents
                webhook_configs:
                  - url: {{installation.Server.Url}}/integrations/webhook/alerts
                    http_config: { authorization: { type: Bearer, credentials: {{TestConfig.Webhook}} } }
            """);
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, [
                $"--config.file={config}", $"--storage.path={folder.At("am")}", $"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=", "--log.level=error"]),
        };
        process.Start();
        return process;
    }

    private static async Task<bool> IsReadyAsync(int port)
    {
        try
        {
            using var api = new Api($"http://127.0.0.1:{port}", null);
            return (await api.GetAsync("/-/ready")).Status == 200;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
