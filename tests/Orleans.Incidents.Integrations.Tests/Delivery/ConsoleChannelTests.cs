using Incidents.Delivery;
using Incidents.Engine.Delivery;
using Incidents.Integrations.Delivery.Console;

namespace Incidents.Integrations.Tests.Delivery;

public class ConsoleChannelTests
{
    private static readonly Notification Page = new("inc-1:2", "console", "anna", null, "Disk full on db-1", "text/plain", [], Email.SomeMail.To("nobody@example.com").Page);

    [Fact]
    public async Task DeliverAsync_APage_IsOneReadableLine()
    {
        using var writer = new StringWriter { NewLine = "\n" };

        var result = await Channel(writer).DeliverAsync(Page, CancellationToken.None);

        Assert.Equal("2026-03-01T12:00:00Z PAGE anna: Disk full on db-1 [inc-1:2]\n", writer.ToString());
        Assert.Equal(DeliveryVerdict.Delivered, result.Verdict);
    }

    [Fact]
    public async Task DeliverAsync_SubjectWithLineBreaksAndEscapes_CannotForgeALine()
    {
        using var writer = new StringWriter { NewLine = "\n" };

        await Channel(writer).DeliverAsync(Page with { Subject = "a\r\n2026 PAGE \u001b[2J\u2028b" }, CancellationToken.None);

        Assert.Equal("2026-03-01T12:00:00Z PAGE anna: a  2026 PAGE  [2J b [inc-1:2]\n", writer.ToString());
    }

    [Fact]
    public async Task DeliverAsync_ClosedWriter_IsToBeRetried()
    {
        var writer = new StringWriter();
        await writer.DisposeAsync();

        var result = await Channel(writer).DeliverAsync(Page, CancellationToken.None);

        Assert.Equal((DeliveryVerdict.Retry, DeliveryReason.Unreachable), (result.Verdict, result.Reason));
    }

    [Fact]
    public async Task DeliverAsync_Cancelled_WritesNothing()
    {
        using var writer = new StringWriter();

        await Assert.ThrowsAsync<OperationCanceledException>(() => Channel(writer).DeliverAsync(Page, new CancellationToken(canceled: true)));
        Assert.Empty(writer.ToString());
    }

    private static ConsoleChannel Channel(TextWriter writer) => new(writer, new ManualTime(ManualTime.Noon));
}
