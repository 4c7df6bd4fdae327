namespace Incidents.Integrations.Delivery.Email;

/// <summary>
/// The addresses that mail is sent from and to: <c>name@example.com</c>, a dot-string and a domain of RFC 5321 in ASCII. Quoted
/// names, address literals and display names are left out: nobody needs them here, and each is a way to say something else.
/// </summary>
public static class EmailAddress
{
    private const int MaxLocal = 64;
    private const int MaxDomain = 253;

    /// <summary>Whether it is such an address.</summary>
    public static bool IsValid(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at is > 0 and <= MaxLocal && IsDotAtom(text[..at]) && IsDomain(text[(at + 1)..]);
    }

    /// <summary>What follows the at sign of a valid address.</summary>
    public static string Domain(string address) => address[(address.IndexOf('@', StringComparison.Ordinal) + 1)..];

    /// <summary>Whether it can stand left of the at sign, of an address or of a message's id.</summary>
    internal static bool IsDotAtom(string text) => text.Split('.').All(part => part.Length > 0 && part.All(IsAtomText));

    private static bool IsDomain(string text) =>
        text.Length is > 0 and <= MaxDomain && text.Split('.').All(label => label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'));

    private static bool IsAtomText(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~".Contains(c, StringComparison.Ordinal);
}
