using System.Text;
using Incidents.Server.Configuration;

namespace Incidents.Server.Tests.Configuration;

public sealed class YamlErrorTests
{
    [Theory]
    [InlineData("", "incidents.yaml:1:1: the file is empty")]
    [InlineData("# only a comment\n", "incidents.yaml:1:1: the file is empty")]
    [InlineData("services:\n\tcheckout: 1\n", "incidents.yaml:2:1: a tab in the indentation; YAML is indented with spaces")]
    [InlineData("services:\n  a:\n\tb: 1\n", "incidents.yaml:3:1: a tab in the indentation; YAML is indented with spaces")]
    [InlineData("route:\n  receiver: a: b\n", "incidents.yaml:2:14: not valid YAML: while scanning a plain scalar value, found invalid mapping")]
    [InlineData("route: @x\n", "incidents.yaml:1:8: not valid YAML: while scanning for the next token, found character that cannot start any token")]
    [InlineData("route: [a\n", "incidents.yaml:2:1: not valid YAML: while parsing a flow sequence, did not find expected ',' or ']'")]
    [InlineData("route: {\nx: [1, 2\ny: 3\n", "incidents.yaml:1:8: not valid YAML: it breaks off here; a bracket or a quote may not be closed")]
    [InlineData("route: {}\n---\nroute: {}\n", "incidents.yaml:2:1: a second document begins here; the file must hold one")]
    [InlineData("route: !secret x\n", "incidents.yaml:1:8: tags other than !!str are not supported")]
    [InlineData("route: !!binary eA==\n", "incidents.yaml:1:8: tags other than !!str are not supported")]
    [InlineData("---\n", "incidents.yaml:1:1: the file is empty")]
    [InlineData("? [a]\n: 1\n", "incidents.yaml:1:1: a key must be text, not a list or a mapping")]
    [InlineData("route: *nowhere\n", "incidents.yaml:1:8: no value before this one is anchored as &nowhere")]
    [InlineData("route: &r\n  routes: [*r]\n", "incidents.yaml:2:12: no value before this one is anchored as &r")]
    [InlineData("route:\n  <<: [1]\n", "incidents.yaml:2:8: << needs a mapping or a list of mappings, found text")]
    [InlineData("- a\n", "incidents.yaml:1:1: expected a mapping, found a list")]
    public void Broken_text_gives_one_error_with_its_position(string yaml, string expected) => Assert.Equal([expected], ConfigText.Errors(yaml));

    [Fact]
    public void Nesting_deeper_than_64_levels_is_refused_without_reading_on() =>
        Assert.Equal(["incidents.yaml:1:72: nested deeper than 64 levels"], ConfigText.Errors("route: " + new string('[', 1_000_000)));

    [Fact]
    public void Aliases_that_unfold_into_billions_of_values_are_refused()
    {
        var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var level = 1; level <= 9; level++)
            text.Append($"a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 10))}]\n");
        Assert.Equal(["incidents.yaml:6:15: more than 250000 values, aliases expanded"], ConfigText.Errors(text.ToString()));
    }

    [Fact]
    public void Aliases_and_merge_keys_within_bounds_work()
    {
        var yaml = ConfigText.Valid.Replace("checkout:\n    policy: default", "checkout: &base\n    policy: default\n    owner: team\n  search:\n    <<: *base\n    owner: other", StringComparison.Ordinal);
        var search = ConfigText.Catalogue(yaml).Services["search"];
        Assert.Equal(("default", "other"), (search.Policy, search.Owner));
    }

    [Fact]
    public void An_error_in_an_aliased_value_stands_where_the_alias_stands() => Assert.Equal(
        [
            "incidents.yaml:2:15: services.a.policy: no policy is called \"sre\" (policies: none)",
            "incidents.yaml:3:15: services.b.policy: no policy is called \"sre\" (policies: none)",
        ],
        ConfigText.Errors("services:\n  a: {policy: &p sre}\n  b: {policy: *p}\n"));

    [Fact]
    public void A_byte_that_is_not_utf8_is_reported_where_it_stands()
    {
        byte[] bytes = [.. "route:\n  receiver: é"u8, 0xff, .. "x\n"u8];
        Assert.Equal("incidents.yaml:2:14: is not UTF-8 from here on", ConfigLoader.Load("incidents.yaml", bytes, "/", ConfigText.Context).Errors.Single().ToString());
    }

    [Fact]
    public void Byte_order_mark_and_windows_line_ends_change_no_position()
    {
        byte[] bytes = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes("services:\r\n  a:\r\n    policy: sre\r\n")];
        Assert.Equal(
            "incidents.yaml:3:13: services.a.policy: no policy is called \"sre\" (policies: none)",
            ConfigLoader.Load("incidents.yaml", bytes, "/", ConfigText.Context).Errors.Single().ToString());
    }

    [Fact]
    public void A_file_larger_than_4_MiB_is_refused() => Assert.Equal(
        "big.yaml: is larger than 4 MiB", ConfigLoader.Load("big.yaml", new byte[ConfigLoader.MaxBytes + 1], "/", ConfigText.Context).Errors.Single().ToString());

    [Fact]
    public void No_mutilated_file_makes_the_loader_throw()
    {
        var random = new Random(20260822);
        var bytes = Encoding.UTF8.GetBytes(ConfigExample.Text);
        byte[] nasty = [.. "\t\0\n[]{}:-&*!|>'\"%@`,#? <"u8, 0xff, 0xc3];
        for (var round = 0; round < 3000; round++)
        {
            var copy = bytes.AsSpan(0, random.Next(1, bytes.Length)).ToArray();
            for (var hits = random.Next(4); hits >= 0; hits--)
                copy[random.Next(copy.Length)] = nasty[random.Next(nasty.Length)];
            var result = ConfigLoader.Load("x", copy, "/", ConfigText.Context);
            Assert.True(result.Succeeded || result.Errors.All(e => e.Line > 0 && e.Column > 0 && !e.Message.Any(char.IsControl)));
        }
    }
}
