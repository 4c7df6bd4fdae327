using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Incidents.Load.Reports;

/// <summary>Puts a report on standard output and, with every number, beside it in a folder.</summary>
internal static class ReportWriter
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The report folder that the options name, or a new one named after the time.</summary>
    public static string Folder(LoadOptions options) => Path.GetFullPath(
        options.Out ?? Path.Combine("artifacts", "load", DateTime.Now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)));

    public static async Task WriteAsync(Report report, string folder)
    {
        Directory.CreateDirectory(folder);
        var name = report.Options.Scenario.ToString().ToLowerInvariant();
        var markdown = MarkdownReport.Render(report);
        await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.md"), markdown);
        await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.html"), HtmlReport.Render(report, markdown));
        await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.json"), JsonSerializer.Serialize(report, Json));
        Console.WriteLine(markdown);
        await Console.Error.WriteLineAsync($"load: report in {folder}");
    }
}
