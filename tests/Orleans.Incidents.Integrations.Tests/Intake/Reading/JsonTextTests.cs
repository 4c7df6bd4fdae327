using System.Text;
using Incidents.Integrations.Intake.Reading;

namespace Incidents.Testing.Intake.Reading;

public class JsonTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain ünïcode Σ 🙂", "plain ünïcode Σ 🙂")]
    [InlineData("\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t")]
    [InlineData("\\u0041\\u00fc\\u0000", "Aü\0")]
    [InlineData("\\ud83d\\ude42!", "🙂!")]
    [InlineData("\\uD83D\\uDE42", "🙂")]
    [InlineData("\\ud800", "\uFFFD")]
    [InlineData("\\udc00x", "\uFFFDx")]
    [InlineData("\\ud800\\ud800\\udc00", "\uFFFD\U00010000")]
    [InlineData("\\ud800\\u0041", "\uFFFDA")]
    [InlineData("\\ud800\\n", "\uFFFD\n")]
    [InlineData("ü\\n🙂", "ü\n🙂")]
    public void Escapes_are_decoded(string raw, string text) => Assert.Equal(text, JsonText.Decode(Encoding.UTF8.GetBytes(raw)));

    [Theory]
    [InlineData(new byte[] { 0xFF }, "\uFFFD")]
    [InlineData(new byte[] { 0x61, 0xE2, 0x82, 0x62 }, "a\uFFFD\uFFFDb")]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, "\uFFFD\uFFFD\uFFFD")]
    [InlineData(new byte[] { 0xC0, 0x80, 0x5C, 0x6E, 0xFE }, "\uFFFD\uFFFD\n\uFFFD")]
    public void Each_byte_that_is_no_text_is_replaced(byte[] raw, string text) => Assert.Equal(text, JsonText.Decode(raw));
}
