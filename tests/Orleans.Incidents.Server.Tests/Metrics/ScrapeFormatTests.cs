using Incidents.Server.Metrics;
using Microsoft.Net.Http.Headers;

namespace Incidents.Server.Tests.Metrics;

public class ScrapeFormatTests
{
    private const string Text = "text/plain; version=0.0.4; charset=utf-8";
    private const string OpenMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores";

    [Theory]
    [InlineData("*/*", Text)]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", Text)]
    [InlineData("text/plain", Text)]
    [InlineData("text/plain;version=1.0.0", "text/plain; version=1.0.0; charset=utf-8; escaping=underscores")]
    [InlineData("application/openmetrics-text", OpenMetrics)]
    [InlineData("Application/OpenMetrics-Text; Version=\"1.0.0\"", OpenMetrics)]
    [InlineData("application/openmetrics-text;version=0.0.1", "application/openmetrics-text; version=0.0.1; charset=utf-8")]
    [InlineData("application/openmetrics-text;version=2.0.0", Text)]
    [InlineData("application/openmetrics-text;escaping=leetspeak", Text)]
    [InlineData("application/openmetrics-text;q=0,text/plain;q=0.1", Text)]
    [InlineData("application/openmetrics-text;q=7", Text)]
    [InlineData("text/plain;q=0.5,application/openmetrics-text;q=0.9", OpenMetrics)]
    [InlineData("application/openmetrics-text;q=0.5,text/plain", Text)]
    [InlineData("text/plain,application/openmetrics-text", Text)]
    public void Negotiate_Accept_GivesTheBestKnownFormat(string accept, string contentType) =>
        Assert.Equal(contentType, ScrapeFormat.Negotiate(MediaTypeHeaderValue.ParseList([accept])).ContentType);

    [Theory]
    [InlineData("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", OpenMetrics)]
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1", OpenMetrics)]
    public void Negotiate_WhatPrometheusTwoAndThreeSend_IsOpenMetrics(string accept, string contentType) =>
        Assert.Equal(contentType, ScrapeFormat.Negotiate(MediaTypeHeaderValue.ParseList([accept])).ContentType);

    [Fact]
    public void Negotiate_NoAccept_IsTheFallback() => Assert.Equal(Text, ScrapeFormat.Negotiate([]).ContentType);
}
