using System.Text.Json;
using System.Text.RegularExpressions;
using Incidents.Server.Configuration;
using Incidents.Server.Configuration.Reading;
using Incidents.Services;

namespace Incidents.Server.Tests.Configuration;

public sealed class ConfigExampleTests
{
    private static readonly LoadContext Context = ConfigText.Context with
    {
        Formats = [.. ConfigText.Formats, "heartbeat"],
        Environment = name => name switch
        {
            "ALICE_WEBHOOK_SECRET" => ConfigText.SigningSecret,
            "HEARTBEAT_URL" => "https://switch.example.com/ping/0123",
            _ => name.PadRight(32, '-'),
        },
    };

    /// <summary>The example with every commented setting switched on.</summary>
    private static string AllSettings => Regex.Replace(ConfigExample.Text, @"(?m)(?<=^ *)#(?=[a-z_]+:)", "", RegexOptions.None, TimeSpan.FromSeconds(1));

    [Fact]
    public void The_example_loads_without_error() => Assert.Equal([], ConfigText.Load(ConfigExample.Text, Context).Errors);

    [Fact]
    public void What_the_example_shows_as_defaults_are_the_defaults()
    {
        Assert.NotEqual(ConfigExample.Text, AllSettings);
        var all = ConfigText.Load(AllSettings, Context);
        Assert.Equal([], all.Errors);
        Assert.Equal(Rendered(ConfigText.Load(ConfigExample.Text, Context).Catalogue!), Rendered(all.Catalogue!));
    }

    [Fact]
    public void The_example_shows_every_key()
    {
        foreach (var key in Shapes.All.SelectMany(s => s.Keys))
            Assert.Matches($@"(?m)^[ #-]*{key}:", ConfigExample.Text);
    }

    [Fact]
    public void Every_error_of_the_example_is_an_environment_variable_until_they_are_set() => Assert.All(
        ConfigText.Load(ConfigExample.Text, Context with { Environment = _ => null }).Errors,
        e => Assert.Matches("^the environment variable [A-Z_]+ is not set$", e.Message));

    // A route has no defaults of its own: what it leaves out it inherits, so there only the loading is compared.
    private static string Rendered(Catalogue catalogue) => JsonSerializer.Serialize(new
    {
        catalogue.Responders,
        catalogue.Policies,
        catalogue.Services,
        catalogue.Identities,
        catalogue.Email,
        Integrations = catalogue.Integrations.Values.Select(i => $"{i} {i.DefaultLabels} {string.Join(',', i.SeverityMap)}"),
    });
}
