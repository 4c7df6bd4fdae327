using Incidents.Integrations.Intake;
using Incidents.Integrations.Intake.Reading;

namespace Incidents.Testing.Intake.Reading;

public class TitlesTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData(" \t\r\n\0\u2028", null)]
    [InlineData("one", "one")]
    [InlineData("  two  blanks  stay  ", "two  blanks  stay")]
    [InlineData("a\r\n\r\nb\u0000c\u2029d\u0085e", "a b c d e")]
    public void A_title_is_one_line(string? text, string? title) => Assert.Equal(title, Titles.OneLine(text));

    [Fact]
    public void A_title_that_is_already_one_line_is_the_same_object()
    {
        var text = new string('x', IntakeLimits.MaxTitleLength);
        Assert.Same(text, Titles.OneLine(text));
    }

    [Fact]
    public void A_long_title_is_cut_between_characters()
    {
        Assert.Equal(new string('x', IntakeLimits.MaxTitleLength - 1) + "…", Titles.OneLine(new string('x', IntakeLimits.MaxTitleLength + 1)));
        var emoji = new string('x', IntakeLimits.MaxTitleLength - 2) + "🙂🙂";
        Assert.Equal(new string('x', IntakeLimits.MaxTitleLength - 2) + "…", Titles.OneLine(emoji));
    }

    [Theory]
    [InlineData("a\u001Eb", "a b")]
    [InlineData("\u0080", "")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567🙂🙂", "0123456789012345678901234567890123456789012345678901234567…")]
    public void What_a_sender_wrote_is_repeated_on_one_line_and_not_for_long(string text, string quoted) => Assert.Equal(quoted, Titles.Quoted(text));
}
