using System.Text;
using Incidents.Routing;
using Incidents.Server.Configuration;
using Incidents.Services;

namespace Incidents.Server.Tests.Configuration;

/// <summary>Loads a text as <c>incidents.yaml</c> with a fixed environment and fixed files.</summary>
internal static class ConfigText
{
    public const string Token = "0123456789abcdef-token";
    public const string SigningSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// <summary>A file in which everything is right, to be spoilt in one place.</summary>
    public const string Valid = """
        identities:
          alice:
            kind: human
            expires: 2035-01-01
          bot:
            kind: service
            sponsor: alice
            expires: 2035-01-01
        responders:
          alice:
            contacts:
              - channel: webhook
                url: https://pager.example.com/
                secret: env:SIGNING
        policies:
          default:
            steps:
              - targets: [alice]
                timeout: 5m
        services:
          checkout:
            policy: default
        integrations:
          prom:
            format: alertmanager-webhook-v4
            token: env:TOKEN
            identity: bot
        route:
          receiver: checkout
          routes:
            - matchers: [a=b]
              group_wait: 30s
        """;

    public static readonly string[] Formats = ["alertmanager-webhook-v4", "grafana-unified-webhook", "pagerduty-events-v2"];

    private static readonly Dictionary<string, string> Environment = new()
    {
        ["TOKEN"] = Token, ["TOKEN2"] = Token + "2", ["JOB"] = Token + "3", ["MUTED_JOB"] = Token + "4", ["SHORT"] = "short", ["SPACED"] = "0123456789 abcdef", ["EMPTY"] = "",
        ["KEY31"] = new string('k', 31), ["KEY32"] = new string('k', 32), ["SIGNING"] = SigningSecret,
        ["SIGNING23"] = "whsec_" + Convert.ToBase64String(new byte[23]), ["SIGNING64"] = "whsec_" + Convert.ToBase64String(new byte[64]),
        ["SIGNING65"] = "whsec_" + Convert.ToBase64String(new byte[65]), ["NOT64"] = "whsec_***",
    };

    public static LoadContext Context { get; } = new()
    {
        CompileRoute = _ => [],
        Formats = Formats,
        Environment = name => Environment.GetValueOrDefault(name),
        ReadFile = ReadFile,
    };

    public static LoadResult Load(string yaml, LoadContext? context = null) =>
        ConfigLoader.Load("incidents.yaml", Encoding.UTF8.GetBytes(yaml), "/etc/incidents", context ?? Context);

    /// <summary>The catalogue of a text that must load.</summary>
    public static Catalogue Catalogue(string yaml, params string[] formats)
    {
        var result = Load(yaml, formats.Length == 0 ? null : Context with { Formats = formats });
        Assert.Equal([], result.Errors.Select(e => e.ToString()));
        return result.Catalogue!;
    }

    /// <summary>Every error of a text, as printed.</summary>
    public static string[] Errors(string yaml, Func<RouteNode, IReadOnlyList<(string, string)>>? compile = null)
    {
        var result = Load(yaml, compile is null ? null : Context with { CompileRoute = compile });
        Assert.True(result.Errors.IsEmpty == result.Succeeded, "a result is either a catalogue or errors");
        return [.. result.Errors.Select(e => e.ToString())];
    }

    /// <summary>The errors of the valid file with one piece of it replaced.</summary>
    public static string[] Spoilt(string piece, string by)
    {
        Assert.Equal(2, Valid.Split(piece).Length);
        return Errors(Valid.Replace(piece, by, StringComparison.Ordinal));
    }

    private static string ReadFile(string path) => path switch
    {
        "/etc/incidents/secrets/token" => Token + "\n",
        "/etc/incidents/empty" => "\n",
        "/etc/incidents/locked" => throw new UnauthorizedAccessException("permission denied"),
        _ => throw new FileNotFoundException("not there", path),
    };
}
