namespace Incidents.Integrations.Delivery;

/// <summary>Turns a reference in the configuration into the secret it stands for.</summary>
public interface ISecretReader
{
    /// <summary>Reads one reference, afresh at every call, so that a rotated secret is seen without a restart.</summary>
    SecretLookup Read(string reference);
}

/// <summary>What a reference led to: exactly one of the two is set.</summary>
/// <param name="Value">The secret, without surrounding white space.</param>
/// <param name="Problem">For a person: why there is none. Names the reference, never a value.</param>
public readonly record struct SecretLookup(string? Value, string? Problem)
{
    /// <summary>A secret that was found.</summary>
    public static SecretLookup Found(string value) => new(value, null);

    /// <summary>A secret that was not.</summary>
    public static SecretLookup Missing(string problem) => new(null, problem);

    /// <summary>Never the value: this may end up in a log.</summary>
    public override string ToString() => Problem ?? "(secret)";
}
