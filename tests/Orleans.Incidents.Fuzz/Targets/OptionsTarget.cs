using System.Text;
using Incidents.Server.Configuration;

namespace Incidents.Fuzz.Targets;

/// <summary>The server's options. The input is a line for each: where it stands (c, e or k), its name, an equals sign and its value.</summary>
internal sealed class OptionsTarget : ITarget
{
    private static readonly string[] Values =
    [
        "", " ", "true", "FALSE", "2", "http://127.0.0.1:0", "http://*:80;https://h:443", "http://[::1]:5080/", "http://0.0.0.0:5080", "https://0.0.0.0:1", "ftp://h", "http://", "http://unix:/x", "http://h:99999", ";", "http://a:b", "http://+:80/x",
        "classic", "open", "4194304", "1023", "67108865", "１０２４", "10s", "0", "1e3", "json", "information", "7", "Information,Debug", "NaN", "0.5", "1e-400", "-0", "http://c:4318/", "∞", "\u0001", "🙂",
    ];

    public string Name => "options";

    public double Share => 0.3;

    public IReadOnlyList<byte[]> Corpus { get; } = [.. ServerOption.All.Select(o => Encoding.UTF8.GetBytes($"c{o.Name}={o.Default}\n"))];

    public IReadOnlyList<byte[]> Words { get; } = [.. Values.Concat(ServerOption.All.Select(o => $"\ne{o.Name}=")).Select(Encoding.UTF8.GetBytes)];

    public byte[] Make(Random random) => Encoding.UTF8.GetBytes(string.Concat(ServerOption.All.Where(_ => random.Next(3) == 0).Select(o => $"{"cek"[random.Next(3)]}{o.Name}={Values[random.Next(Values.Length)]}\n")));

    public string Run(byte[] input)
    {
        var given = Encoding.UTF8.GetString(input).Split('\n').Select(l => l.Split('=', 2)).Where(p => p.Length == 2 && p[0].Length > 1)
            .GroupBy(p => p[0], p => p[1], StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        string? Of(char source, Func<ServerOption, string> name, string wanted) =>
            ServerOption.All.FirstOrDefault(o => name(o) == wanted) is { } option ? given.GetValueOrDefault(source + option.Name) : null;
        var read = ServerOptionsReader.Read(n => Of('c', o => o.Name, n), n => Of('e', o => o.Environment, n), n => Of('k', o => o.Key, n));
        Law.Holds(read.Options is null == read.Errors.Length > 0, "options or errors, not both");
        foreach (var error in read.Errors)
            Law.Holds(error.Length is > 0 and < 500, $"an error is short: {error}");
        return string.Join(';', read.Errors.Select(Law.Kind).Take(2));
    }
}
