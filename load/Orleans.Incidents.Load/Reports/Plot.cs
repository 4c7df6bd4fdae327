using System.Globalization;
using System.Net;
using System.Text;

namespace Incidents.Load.Reports;

/// <summary>One line of a plot.</summary>
internal sealed record Series(string Name, IReadOnlyList<(double X, double Y)> Points);

/// <summary>Draws SVG, so that a report is one file that opens anywhere.</summary>
internal static class Plot
{
    private const int Width = 640;
    private const int Height = 260;
    private const int Left = 70;
    private const int Bottom = 40;
    private const int BarHeight = 22;

    private static readonly string[] Colours = ["#2563eb", "#dc2626", "#6b7280", "#059669"];

    /// <summary>Horizontal bars with their spread as a thin line.</summary>
    public static string Bars(string title, string unit, IReadOnlyList<(string Name, Spread Value)> bars)
    {
        var most = Math.Max(bars.Max(b => b.Value.Max), double.Epsilon);
        var svg = new StringBuilder(Open(title, Width, (bars.Count * (BarHeight + 8)) + 40));
        for (var i = 0; i < bars.Count; i++)
        {
            var (name, value) = bars[i];
            var y = 30 + (i * (BarHeight + 8));
            double X(double v) => 150 + (v / most * (Width - 300));
            svg.Append(CultureInfo.InvariantCulture, $"""<text x="140" y="{y + 16}" text-anchor="end">{Text(name)}</text>""")
                .Append(CultureInfo.InvariantCulture, $"""<rect x="150" y="{y}" width="{X(value.Median) - 150:F1}" height="{BarHeight}" fill="{Colours[i % Colours.Length]}"/>""")
                .Append(CultureInfo.InvariantCulture, $"""<line x1="{X(value.Min):F1}" x2="{X(value.Max):F1}" y1="{y + (BarHeight / 2)}" y2="{y + (BarHeight / 2)}" stroke="#000"/>""")
                .Append(CultureInfo.InvariantCulture, $"""<text x="{X(value.Max) + 6:F1}" y="{y + 16}">{value.Median:#,0.###} {Text(unit)}</text>""");
        }

        return svg.Append("</svg>").ToString();
    }

    /// <summary>Lines over a common scale that begins at zero.</summary>
    /// <param name="ticks">Where the horizontal axis is labelled.</param>
    public static string Lines(string title, string unit, IReadOnlyList<Series> lines, IReadOnlyList<(double X, string Label)> ticks)
    {
        var mostX = lines.SelectMany(l => l.Points).Max(p => p.X);
        var leastX = lines.SelectMany(l => l.Points).Min(p => p.X);
        var mostY = Math.Max(lines.SelectMany(l => l.Points).Max(p => p.Y), double.Epsilon);
        double X(double x) => Left + ((x - leastX) / Math.Max(mostX - leastX, double.Epsilon) * (Width - Left - 20));
        double Y(double y) => Height - Bottom - (y / mostY * (Height - Bottom - 30));
        var svg = new StringBuilder(Open(title, Width, Height));
        foreach (var share in (double[])[0, 0.25, 0.5, 0.75, 1])
        {
            svg.Append(CultureInfo.InvariantCulture, $"""<line x1="{Left}" x2="{Width - 20}" y1="{Y(share * mostY):F1}" y2="{Y(share * mostY):F1}" stroke="#ddd"/>""")
                .Append(CultureInfo.InvariantCulture, $"""<text x="{Left - 6}" y="{Y(share * mostY) + 4:F1}" text-anchor="end">{share * mostY:#,0.##}</text>""");
        }

        foreach (var (x, label) in ticks)
            svg.Append(CultureInfo.InvariantCulture, $"""<text x="{X(x):F1}" y="{Height - Bottom + 16}" text-anchor="middle">{Text(label)}</text>""");
        for (var i = 0; i < lines.Count; i++)
        {
            var points = string.Join(' ', lines[i].Points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(p.X):F1},{Y(p.Y):F1}")));
            svg.Append(CultureInfo.InvariantCulture, $"""<polyline points="{points}" fill="none" stroke="{Colours[i % Colours.Length]}" stroke-width="2"/>""")
                .Append(CultureInfo.InvariantCulture, $"""<text x="{Left + 10 + (i * 150)}" y="{Height - 6}" fill="{Colours[i % Colours.Length]}">{Text(lines[i].Name)}, {Text(unit)}</text>""");
        }

        return svg.Append("</svg>").ToString();
    }

    private static string Open(string title, int width, int height) => string.Create(CultureInfo.InvariantCulture,
        $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" font-family="sans-serif" font-size="12"><text x="0" y="16" font-weight="bold">{Text(title)}</text>""");

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
