using Incidents.Server.Edge;
using Incidents.Server.Tests.Metrics;

namespace Incidents.Server.Tests.Edge;

public sealed class AdmissionTests
{
    [Fact]
    public async Task Who_comes_with_nothing_is_inside_until_he_leaves()
    {
        var admission = new Admission(new ManualTime());
        Assert.True(await admission.EnterAsync("bot", 0));
        Assert.True(await admission.EnterAsync("bot", 0));
        admission.Leave("bot", 0);
        admission.Leave("bot", 0);
        Assert.True(await admission.EnterAsync("bot", 1));
    }
}
