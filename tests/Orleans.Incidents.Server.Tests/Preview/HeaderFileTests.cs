using Incidents.Server.Hosting;
using Incidents.Server.Preview;

namespace Incidents.Server.Tests.Preview;

public sealed class HeaderFileTests
{
    [Theory]
    [InlineData("Content-Type: text/plain\r\n\r\nX-A:  b: c \n")]
    [InlineData("""{"Content-Type":"text/plain","X-A":"b: c"}""")]
    [InlineData("\n {\"content-type\": \"text/plain\", \"x-a\": \"b: c\"}")]
    public void Lines_and_an_object_say_the_same_whatever_the_case(string text)
    {
        var headers = HeaderFile.Parse("h", text);
        Assert.Equal(("text/plain", "b: c", 2), (headers["CONTENT-TYPE"], headers["x-a"], headers.Count));
    }

    [Fact]
    public void A_name_that_occurs_twice_has_all_of_its_values() => Assert.Equal("1, 2", HeaderFile.Parse("h", "a: 1\nA: 2")["a"]);

    [Fact]
    public void A_value_that_is_no_text_is_taken_as_written() => Assert.Equal("7", HeaderFile.Parse("h", """{"a":7}""")["a"]);

    [Theory]
    [InlineData("a: 1\nnonsense", "h:2: expected 'Name: value'")]
    [InlineData(": 1", "h:1: expected 'Name: value'")]
    [InlineData("{\"a\":", "h:1: not a JSON object of header names and values")]
    public void A_broken_file_is_one_line_with_its_place(string text, string message) =>
        Assert.Equal(message, Assert.Throws<ConfigRefusedException>(() => HeaderFile.Parse("h", text)).Message);
}
