using System.Globalization;
using Incidents.Alerts;
using Incidents.Pages;
using Incidents.Responders;

namespace Incidents.Integrations.Delivery.Email;

/// <summary>What a mail says to the person who is woken by it. Pure, and the same at every attempt.</summary>
internal static class EmailText
{
    /// <summary>Longer titles are cut in the subject; the body has all of it.</summary>
    private const int MaxSubjectTitle = 160;
    private const int MaxLine = 2000;

    /// <summary>What a phone shows of it first: how bad, what; then where, and which incident.</summary>
    public static string Subject(PageContent page) => TestRules.IsTest(page.Id)
        ? $"[TEST] {OneLine.Of(page.Title, MaxSubjectTitle)}"
        : $"[{page.Severity.Name().ToUpperInvariant()}] {OneLine.Of(page.Title, MaxSubjectTitle)} ({page.Service}) {page.Incident}";

    /// <summary>The body, lines ended by <c>\n</c>.</summary>
    public static string Body(PageContent page) => TestRules.IsTest(page.Id) ? Test(page) : Paged(page);

    private static string Paged(PageContent page) => $"""
        {OneLine.Of(page.Title, MaxLine)}

        severity   {page.Severity.Name()}
        service    {page.Service}
        incident   {page.Incident}
        at         {page.At}

        You, {page.Responder}, are paged: step {Ordinal(page.Step)}, round {Ordinal(page.Round)} of the escalation. Without an
        acknowledgement the next step follows.

        """;

    private static string Test(PageContent page) => $"""
        {OneLine.Of(page.Title, MaxLine)}

        This is a test. Nothing is wrong, there is no incident, and nothing is asked of you, {page.Responder}.
        Pages will reach you as this message did.

        at         {page.At}

        """;

    private static string Ordinal(int fromZero) => (fromZero + 1).ToString(CultureInfo.InvariantCulture);
}
