namespace Incidents.Integrations.Delivery;

/// <summary>
/// <c>env:NAME</c> is an environment variable of this process, <c>file:PATH</c> the content of a text file of at most 64 KB
/// (as container platforms mount secrets). White space around the value is not part of it; an empty value is a missing one.
/// </summary>
public sealed class EnvironmentAndFileSecrets : ISecretReader
{
    private const int MaxFileBytes = 64 * 1024;

    /// <inheritdoc/>
    public SecretLookup Read(string reference)
    {
        var (scheme, rest) = reference.IndexOf(':') is > 0 and var colon
            ? (reference[..colon], reference[(colon + 1)..])
            : (reference, "");
        return scheme switch
        {
            "env" => Value(reference, Environment.GetEnvironmentVariable(rest)),
            "file" => File(reference, rest),
            // What is not a reference may be a secret that was written in line: it is not repeated.
            _ => SecretLookup.Missing("a secret reference begins with env: or file:"),
        };
    }

    private static SecretLookup File(string reference, string path)
    {
        try
        {
            using var stream = System.IO.File.OpenRead(path);
            var buffer = new byte[MaxFileBytes + 1];
            var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return length > MaxFileBytes
                ? SecretLookup.Missing($"{reference} is longer than {MaxFileBytes} bytes")
                : Value(reference, new StreamReader(new MemoryStream(buffer, 0, length)).ReadToEnd());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return SecretLookup.Missing($"{reference} cannot be read: {e.GetType().Name}");
        }
    }

    private static SecretLookup Value(string reference, string? value) =>
        string.IsNullOrWhiteSpace(value) ? SecretLookup.Missing($"{reference} is absent or empty") : SecretLookup.Found(value.Trim());
}
