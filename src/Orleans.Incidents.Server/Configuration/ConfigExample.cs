namespace Incidents.Server.Configuration;

/// <summary>The texts that ship with the server, to print and to edit.</summary>
public static class ConfigExample
{
    /// <summary>A commented file to start from. It loads once the environment variables that it names are set.</summary>
    public static string Text { get; } = Read("example.yaml");

    /// <summary>The JSON Schema of the file, for editors.</summary>
    public static string Schema { get; } = Read("incidents.schema.json");

    private static string Read(string name)
    {
        using var stream = typeof(ConfigExample).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the assembly was built without {name}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
