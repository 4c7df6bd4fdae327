using System.Collections.Immutable;

namespace Incidents.Server.Configuration.Yaml;

/// <summary>The keys that one kind of mapping may have. The JSON Schema has a definition of the same name with the same keys.</summary>
internal sealed record Shape(string Name, ImmutableArray<string> Required, ImmutableArray<string> Optional)
{
    public ImmutableArray<string> Keys { get; } = [.. Required, .. Optional];

    public bool Knows(string key) => Keys.Contains(key);
}
