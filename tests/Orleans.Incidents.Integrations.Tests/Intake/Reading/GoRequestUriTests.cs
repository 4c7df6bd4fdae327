using Incidents.Integrations.Intake.Alertmanager;

namespace Incidents.Testing.Intake.Reading;

/// <summary>Every answer was observed on a running Alertmanager.</summary>
public class GoRequestUriTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/x")]
    [InlineData("/a b")]
    [InlineData("*")]
    [InlineData("//host/x")]
    [InlineData("http://")]
    [InlineData("http://a")]
    [InlineData("HTTP://x")]
    [InlineData("http:///x")]
    [InlineData("http:x")]
    [InlineData("x:")]
    [InlineData("a:b")]
    [InlineData("urn:x:y")]
    [InlineData("mailto:a@b")]
    [InlineData("ftp://x")]
    [InlineData("http://a/ü")]
    [InlineData("http://a:99999/")]
    [InlineData("http://user@h/")]
    [InlineData("http://h/a b")]
    [InlineData("http://h/?a b")]
    [InlineData("http://h/#a b")]
    [InlineData("http://h/?%zz")]
    [InlineData("http://<a>/")]
    [InlineData("http://a\"b/")]
    [InlineData("http://h/{a}")]
    [InlineData("http://h/\\")]
    [InlineData("http://[::1]:9090/x")]
    public void A_uri_passes(string text) => Assert.True(GoRequestUri.IsValid(text));

    [Theory]
    [InlineData("x")]
    [InlineData("?orgId=1")]
    [InlineData("#x")]
    [InlineData(":x")]
    [InlineData("1http://x")]
    [InlineData(" http://x")]
    [InlineData("http://x ")]
    [InlineData("http://a b/")]
    [InlineData("http://exa mple.com/")]
    [InlineData("http://[::1")]
    [InlineData("http://a:port/")]
    [InlineData("http://a%20b/")]
    [InlineData("http://a/%zz")]
    [InlineData("http://h/#%zz")]
    [InlineData("/%zz")]
    [InlineData("http://a/\n")]
    [InlineData("http://a b@h/")]
    public void What_is_no_uri_does_not(string text) => Assert.False(GoRequestUri.IsValid(text));
}
