using System.Text;
using System.Text.RegularExpressions;
using Incidents.Integrations.Delivery.Email;

namespace Incidents.Integrations.Tests.Delivery.Email;

/// <summary>What a mail is made of, byte by byte.</summary>
public sealed partial class EmailMessageTests
{
    /// <summary>Titles that want to be more than a title.</summary>
    public static TheoryData<string> Hostile =>
    [
        "down\r\nBcc: everybody@example.com",
        "down\nBcc: everybody@example.com\n\nanother body",
        "down\rBcc: everybody@example.com",
        "down\r\n.\r\nMAIL FROM:<evil@example.com>",
        "down\u2028Bcc: everybody@example.com\u0085Cc: a@b.c",
        "=?utf-8?B?Y2xlYXI=?= =?utf-8?Q?=0D=0ABcc:_a@b.c?=",
        "zero\0byte and bell\a and escape\u001b[31m",
        "broken \ud800 surrogate \udc00",
        "ünïcödé ".PadRight(900, '漢') + "\r\nBcc: everybody@example.com",
        new string('x', 5000),
        "",
    ];

    [Fact]
    public void Make_APage_ReadsAtThreeInTheMorning() => Assert.Equal(
        """
        From: oncall@example.com
        To: alice@example.com
        Subject: [CRITICAL] Disk full on db-1 (checkout) 01JQ8ZK3VN5T7X9B2D4F6H8J0M
        Date: Sun, 01 Mar 2026 12:00:05 +0000
        Message-ID: <01JQ8ZK3VN5T7X9B2D4F6H8J0M-0-0-alice-0@example.com>
        In-Reply-To: <incident.01JQ8ZK3VN5T7X9B2D4F6H8J0M@example.com>
        References: <incident.01JQ8ZK3VN5T7X9B2D4F6H8J0M@example.com>
        Auto-Submitted: auto-generated
        X-Incidents-Page: 01JQ8ZK3VN5T7X9B2D4F6H8J0M-0-0-alice-0
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: quoted-printable

        Disk full on db-1

        severity   critical
        service    checkout
        incident   01JQ8ZK3VN5T7X9B2D4F6H8J0M
        at         2026-03-01T12:00:05Z

        You, alice, are paged: step 2, round 1 of the escalation. Without an
        acknowledgement the next step follows.

        """.ReplaceLineEndings("\r\n"), Make("Disk full on db-1"));

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Make_AHostileTitle_AddsNoHeaderAndNoLine(string title)
    {
        var mail = Make(title);
        var (head, body) = (mail[..mail.IndexOf("\r\n\r\n", StringComparison.Ordinal)], mail[(mail.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);

        Assert.Equal(
            ["From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted", "X-Incidents-Page", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"],
            head.Split("\r\n").Where(l => !l.StartsWith(' ')).Select(l => l[..l.IndexOf(':')]));
        Assert.All(mail.Replace("\r\n", ""), c => Assert.InRange(c, ' ', '~'));
        Assert.All(body.Split("\r\n"), line => Assert.True(line.Length <= 76, line));
        Assert.All(head.Split("\r\n"), line => Assert.True(line.Length <= 998, line));
    }

    [Fact]
    public void Make_TheSamePage_TheSameBytes() => Assert.Equal(Make("a"), Make("a"));

    [Fact]
    public void Make_AnIdThatNoMessageIdCanHold_AStableHashOfIt()
    {
        var ids = new[] { "a b", "a\r\nBcc: x@y.z", "ü", "a..b", "<a>" }.Select(id => Header(Make("t", id), "Message-ID")).ToList();

        Assert.All(ids, id => Assert.Matches("^<page\\.[0-9a-f]{64}@example\\.com>$", id));
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public void Make_ATest_SaysSoAndBelongsToNoThread()
    {
        var mail = Make("Test notification for Alice, asked for by olga", "test-01JQ8ZK3VN5T7X9B2D4F6H8J0M-alice-0");

        Assert.Equal("[TEST] Test notification for Alice, asked for by olga", Header(mail, "Subject"));
        Assert.Contains("This is a test. Nothing is wrong", mail);
        Assert.DoesNotContain("References:", mail);
        Assert.DoesNotContain("In-Reply-To:", mail);
    }

    [Theory]
    [InlineData("Disk full", "Disk full")]
    [InlineData("Größe", "=?utf-8?B?R3LDtsOfZQ==?=")]
    [InlineData("=?utf-8?B?eA==?=", "=?utf-8?B?PT91dGYtOD9CP2VBPT0/PQ==?=")]
    [InlineData("", "")]
    public void Encode_AHeader_IsPlainOnlyWhereThatIsUnmistakable(string text, string encoded) => Assert.Equal(encoded, HeaderText.Encode(text));

    [Fact]
    public void Encode_AnyText_ReadsBackWordByWord()
    {
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(200)).Select(_ => (char)(random.Next(3) == 0 ? random.Next(0x20, 0xD7FF) : random.Next(0x20, 0x7F)))]);
            var encoded = HeaderText.Encode(text);
            Assert.All(encoded.Split("\r\n "), line => Assert.All(line, c => Assert.InRange(c, ' ', '~')));
            var words = Word().Matches(encoded);
            Assert.All(words, w => Assert.True(w.Length <= 66));
            Assert.Equal(text, words.Count == 0 ? encoded : string.Concat(words.Select(w => Encoding.UTF8.GetString(Convert.FromBase64String(w.Groups["text"].Value)))));
        }
    }

    [Theory]
    [InlineData("a=b", "a=3Db")]
    [InlineData("ends with a space ", "ends with a space=20")]
    [InlineData("Größe\nüber", "Gr=C3=B6=C3=9Fe\r\n=C3=BCber")]
    [InlineData("tab\there", "tab=09here")]
    public void Encode_ABody_IsQuotedPrintable(string text, string encoded) => Assert.Equal(encoded, QuotedPrintable.Encode(text));

    [Fact]
    public void Encode_AnyBody_ReadsBackAndNoLineIsLong()
    {
        var random = new Random(2);
        for (var i = 0; i < 500; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(400)).Select(_ => random.Next(20) == 0 ? '\n' : (char)random.Next(1, 0x3000))]);
            var encoded = QuotedPrintable.Encode(text);
            Assert.All(encoded.Split("\r\n"), line => Assert.True(line.Length <= 76, line));
            Assert.Equal(text, Decode(encoded));
        }
    }

    private static string Make(string title, string? page = null) => Encoding.ASCII.GetString(EmailMessage.Make(SomeMail.To("alice@example.com", title, page), SomeMail.Server()));

    private static string Header(string mail, string name) => mail.Split("\r\n").Single(l => l.StartsWith(name + ": ", StringComparison.Ordinal))[(name.Length + 2)..];

    private static string Decode(string encoded)
    {
        var bytes = new List<byte>();
        var text = encoded.Replace("=\r\n", "").Replace("\r\n", "\n");
        for (var i = 0; i < text.Length; i++)
        {
            bytes.Add(text[i] == '=' ? Convert.ToByte(text.Substring(i + 1, 2), 16) : (byte)text[i]);
            i += text[i] == '=' ? 2 : 0;
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    [GeneratedRegex(@"=\?utf-8\?B\?(?<text>[A-Za-z0-9+/=]+)\?=", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Word();
}
