namespace Incidents.Load.Tests;

public sealed class OptionParserTests
{
    [Fact]
    public void Nothing_given_compares_all_peers_with_the_defaults()
    {
        var options = Parse();
        Assert.Equal(Scenario.Compare, options.Scenario);
        Assert.Equal((10, 64, 3), (options.Seconds, options.Connections, options.Rounds));
        Assert.Equal([1, 50], options.Batches);
        Assert.Equal([100, 10_000], options.Keys);
        Assert.Equal(["ours", "alertmanager", "bare"], options.Peers);
    }

    [Theory]
    [InlineData("--seconds", "0", "601")]
    [InlineData("--alerts", "0", "100000001")]
    [InlineData("--warmup", "-1", "121")]
    [InlineData("--rounds", "0", "51")]
    [InlineData("--connections", "0", "1025")]
    [InlineData("--batch", "0", "1,1001")]
    [InlineData("--keys", "0", "100,1000001")]
    [InlineData("--problems", "0", "200001")]
    [InlineData("--timeout", "0", "3601")]
    [InlineData("--past", "0", "5000001")]
    [InlineData("--groups", "0", "5000001")]
    [InlineData("--shared-buffers", "0", "65537")]
    public void Every_number_is_bounded_on_both_sides(string option, string tooSmall, string tooLarge)
    {
        Assert.Contains(option, Refused(option, tooSmall), StringComparison.Ordinal);
        Assert.Contains(option, Refused(option, tooLarge), StringComparison.Ordinal);
        Assert.Contains(option, Refused(option, "many"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--nonsense")]
    [InlineData("attack")]
    [InlineData("--seconds")]
    [InlineData("--peers", "ours,other")]
    [InlineData("bare")]
    [InlineData("--postgres-options", "-c jit=off;Host=192.0.2.1")]
    public void What_is_not_understood_is_refused(params string[] args) => Assert.NotEmpty(Refused(args));

    [Theory]
    [InlineData("http://192.0.2.1:80")]
    [InlineData("http://0.0.0.0:80")]
    [InlineData("http://localhost.example:80")]
    [InlineData("https://127.0.0.1:80")]
    public void The_bare_peer_listens_on_loopback_only(string url) =>
        Assert.Contains("loopback", Refused("bare", "--urls", url), StringComparison.Ordinal);

    [Theory]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://[::1]:8080")]
    public void The_bare_peer_takes_a_loopback_address(string url) =>
        Assert.Equal(new Uri(url), Parse("bare", "--urls", url).Urls);

    [Fact]
    public void Peer_only_leaves_ours_out() => Assert.Equal(["alertmanager", "bare"], Parse("--peers", "ours,ours-postgres,alertmanager,bare", "--peer-only").Peers);

    [Theory]
    [InlineData("history", Scenario.History)]
    [InlineData("start", Scenario.Start)]
    [InlineData("dump", Scenario.Dump)]
    public void A_scenario_is_named_by_its_first_word(string word, object scenario) => Assert.Equal(scenario, Parse(word).Scenario);

    private static LoadOptions Parse(params string[] args)
    {
        Assert.True(OptionParser.TryParse(args, out var options, out var error), error);
        return options;
    }

    private static string Refused(params string[] args)
    {
        Assert.False(OptionParser.TryParse(args, out _, out var error));
        return error;
    }
}
