using System.Security.Cryptography;
using System.Text;

namespace Incidents.Server.Tests.Configuration;

public sealed class SecretTests
{
    private const string TokenAt = "incidents.yaml:26:12: integrations.prom.token: ";
    private const string SigningAt = "incidents.yaml:14:17: responders.alice.contacts[0].secret: ";

    private static readonly string TokenHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ConfigText.Token)));

    [Theory]
    [InlineData("s3cr3t-inline-token-value", "write env:NAME or file:PATH here, never the secret itself")]
    [InlineData("\"env:\"", "write env:NAME or file:PATH here, never the secret itself")]
    [InlineData("env:no-such/name", "write env:NAME or file:PATH here, never the secret itself")]
    [InlineData("\"file:\"", "write env:NAME or file:PATH here, never the secret itself")]
    [InlineData("[s3cr3t]", "expected text, found a list")]
    [InlineData("env:ABSENT", "the environment variable ABSENT is not set")]
    [InlineData("env:EMPTY", "the environment variable EMPTY is not set")]
    [InlineData("file:absent", "the file /etc/incidents/absent does not exist")]
    [InlineData("file:empty", "the file /etc/incidents/empty is empty")]
    [InlineData("file:locked", "the file /etc/incidents/locked cannot be read: permission denied")]
    [InlineData("env:SHORT", "the token must have at least 16 characters, and has 5")]
    [InlineData("env:SPACED", "the token must be printable ASCII without spaces")]
    public void A_bad_token_is_an_error_that_does_not_print_it(string token, string message)
    {
        var error = Assert.Single(ConfigText.Spoilt("env:TOKEN", token));
        Assert.Equal(TokenAt + message, error);
        Assert.DoesNotContain("s3cr3t", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "write env:NAME or file:PATH here, never the secret itself")]
    [InlineData("env:ABSENT", "the environment variable ABSENT is not set")]
    [InlineData("env:TOKEN2", "the secret must be whsec_ followed by the base64 of 24 to 64 bytes")]
    [InlineData("env:NOT64", "the secret must be whsec_ followed by the base64 of 24 to 64 bytes")]
    [InlineData("env:SIGNING23", "the secret must be whsec_ followed by the base64 of 24 to 64 bytes")]
    [InlineData("env:SIGNING65", "the secret must be whsec_ followed by the base64 of 24 to 64 bytes")]
    public void A_bad_signing_secret_is_an_error_that_does_not_print_it(string secret, string message) =>
        Assert.Equal([SigningAt + message], ConfigText.Spoilt("env:SIGNING", secret));

    [Theory]
    [InlineData("env:KEY31", "the token must have exactly 32 characters, and has 31")]
    [InlineData("env:TOKEN", "the token must have exactly 32 characters, and has 22")]
    public void A_routing_key_has_exactly_32_characters(string token, string message) => Assert.Equal(
        [TokenAt + message], ConfigText.Spoilt("format: alertmanager-webhook-v4\n    token: env:TOKEN", $"format: pagerduty-events-v2\n    token: {token}"));

    [Fact]
    public void Who_does_not_follow_secrets_needs_none_and_still_sees_what_is_written_wrong()
    {
        var context = ConfigText.Context with { FollowsSecrets = false };
        var absent = ConfigText.Valid.Replace("env:TOKEN", "env:ABSENT", StringComparison.Ordinal).Replace("env:SIGNING", "file:absent", StringComparison.Ordinal);
        Assert.Empty(ConfigText.Load(absent, context).Errors);
        var error = Assert.Single(ConfigText.Load(ConfigText.Valid.Replace("env:TOKEN", "s3cr3t-inline", StringComparison.Ordinal), context).Errors);
        Assert.Equal(TokenAt + "write env:NAME or file:PATH here, never the secret itself", error.ToString());
    }

    [Fact]
    public void A_routing_key_of_32_characters_is_accepted() => Assert.Empty(
        ConfigText.Spoilt("format: alertmanager-webhook-v4\n    token: env:TOKEN", "format: pagerduty-events-v2\n    token: env:KEY32"));

    [Theory]
    [InlineData("env:TOKEN")]
    [InlineData("file:secrets/token")]
    [InlineData("file:/etc/incidents/secrets/token")]
    public void Only_the_hash_of_a_token_is_kept(string reference)
    {
        var catalogue = ConfigText.Catalogue(ConfigText.Valid.Replace("env:TOKEN", reference, StringComparison.Ordinal));
        Assert.Equal(TokenHash, catalogue.Integrations["prom"].CredentialHash);
    }

    [Theory]
    [InlineData("env:SIGNING", "env:SIGNING")]
    [InlineData("env:SIGNING64", "env:SIGNING64")]
    public void A_signing_secret_stays_a_reference(string written, string kept)
    {
        var catalogue = ConfigText.Catalogue(ConfigText.Valid.Replace("env:SIGNING", written, StringComparison.Ordinal));
        Assert.Equal(kept, catalogue.Responders["alice"].Contacts[0].SecretRef);
    }

    [Fact]
    public void A_file_with_a_signing_secret_is_kept_by_its_absolute_path()
    {
        var context = ConfigText.Context with { ReadFile = path => path == "/etc/incidents/keys/a" ? ConfigText.SigningSecret + "\r\n" : throw new FileNotFoundException() };
        var result = ConfigText.Load(ConfigText.Valid.Replace("env:SIGNING", "file:keys/../keys/a", StringComparison.Ordinal), context);
        Assert.Equal("file:/etc/incidents/keys/a", result.Catalogue!.Responders["alice"].Contacts[0].SecretRef);
    }

    [Fact]
    public void Two_entries_may_not_have_the_same_token() => Assert.Equal(
        ["incidents.yaml:27:12: integrations.prom.token: is the same token as identities.alice.token"],
        ConfigText.Spoilt("kind: human", "kind: human\n    token: env:TOKEN"));

    [Fact]
    public void An_identity_without_a_token_has_no_hash() => Assert.Null(ConfigText.Catalogue(ConfigText.Valid).Identities["alice"].CredentialHash);
}
