using System.Security.Cryptography;
using System.Text;
using Incidents.Server.Configuration.Yaml;

namespace Incidents.Server.Configuration.Reading;

/// <summary>
/// Follows <c>env:NAME</c> and <c>file:PATH</c>. No method returns a secret or puts one, or what may be one, into a message.
/// </summary>
internal sealed class SecretReader(LoadContext context, string directory)
{
    /// <summary>Tokens are stored as plain SHA-256, which protects only what cannot be guessed.</summary>
    public const int MinTokenLength = 16;

    private readonly Dictionary<string, string> _paths = [];

    /// <summary>
    /// The lower-case hexadecimal SHA-256 of a token. A token says who is calling, so two entries may not have the same.
    /// </summary>
    /// <param name="value">Absent, or a reference.</param>
    /// <param name="exactly">The length the token must have; <see langword="null"/>: at least <see cref="MinTokenLength"/>.</param>
    /// <returns><see langword="null"/> when absent or after an error.</returns>
    public string? TokenHash(Value? value, int? exactly = null)
    {
        if (value is null || Follow(value) is not var (reference, secret) || (secret is not null && !CheckToken(value, secret, exactly)))
            return null;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret ?? reference)));
        if (!_paths.TryAdd(hash, value.Path))
            value.Error($"is the same token as {_paths[hash]}");
        return hash;
    }

    /// <summary>A reference to a signing secret, checked to exist and to be well-formed; a file's path made absolute.</summary>
    public string? SigningSecret(Value? value)
    {
        if (value is null || Follow(value) is not var (reference, secret))
            return null;
        if (secret is not null && !IsSigningSecret(secret))
            value.Error("the secret must be whsec_ followed by the base64 of 24 to 64 bytes");
        return reference;
    }

    /// <summary>A reference to an address that is a secret, checked to exist and to be an absolute http or https URL; a file's path made absolute.</summary>
    public string? SecretUrl(Value? value)
    {
        if (value is null || Follow(value) is not var (reference, secret))
            return null;
        if (secret is not null && !(Uri.TryCreate(secret.Trim(), UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0 && url.UserInfo.Length == 0))
            value.Error("the secret must be an absolute http or https URL without a user name or password");
        return reference;
    }

    /// <summary>A reference to any other secret, checked to exist; a file's path made absolute.</summary>
    public string? Reference(Value? value) => value is null ? null : Follow(value)?.Reference;

    private static bool IsSigningSecret(string secret)
    {
        var key = new byte[secret.Length];
        return secret.StartsWith("whsec_", StringComparison.Ordinal)
            && Convert.TryFromBase64String(secret["whsec_".Length..], key, out var length) && length is >= 24 and <= 64;
    }

    private static bool CheckToken(Value value, string token, int? exactly)
    {
        if (!token.All(c => c is > ' ' and <= '~'))
            value.Error("the token must be printable ASCII without spaces");
        else if (exactly is { } length && token.Length != length)
            value.Error($"the token must have exactly {length} characters, and has {token.Length}");
        else if (exactly is null && token.Length < MinTokenLength)
            value.Error($"the token must have at least {MinTokenLength} characters, and has {token.Length}");
        else
            return true;
        return false;
    }

    // The secret is null where secrets are not followed.
    private (string Reference, string? Secret)? Follow(Value value)
    {
        if (value.Text() is not { } text)
            return null;
        var name = text.StartsWith("env:", StringComparison.Ordinal) && IsVariableName(text[4..]) ? text[4..] : null;
        var path = text.StartsWith("file:", StringComparison.Ordinal) && text.Length > 5 ? Path.GetFullPath(text[5..], directory) : null;
        if (name is null && path is null)
        {
            value.Error("write env:NAME or file:PATH here, never the secret itself");
            return null;
        }

        if (!context.FollowsSecrets)
            return (text, null);
        return name is not null ? FromEnvironment(value, name) : FromFile(value, path!);
    }

    private (string, string?)? FromEnvironment(Value value, string name)
    {
        if (context.Environment(name) is { Length: > 0 } secret)
            return ($"env:{name}", secret);
        value.Error($"the environment variable {name} is not set");
        return null;
    }

    private (string, string?)? FromFile(Value value, string path)
    {
        try
        {
            if (context.ReadFile(path).TrimEnd('\r', '\n') is { Length: > 0 } secret)
                return ($"file:{path}", secret);
            value.Error($"the file {path} is empty");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            value.Error($"the file {path} does not exist");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            value.Error($"the file {path} cannot be read: {exception.Message}");
        }

        return null;
    }

    private static bool IsVariableName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
