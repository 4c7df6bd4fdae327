using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;

namespace Incidents.Cluster.Hosting;

/// <summary>Whom a silo believes: who shows its own certificate, or one that its authority signed. Both sides of a connection must.</summary>
internal sealed class SiloTrust
{
    private readonly X509Certificate2 _own;
    private readonly X509Certificate2Collection _authority = [];

    /// <exception cref="CryptographicException">A file holds no certificate, or not its key.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public SiloTrust(ClusterTls tls)
    {
        _own = Load(tls);
        if (!_own.HasPrivateKey)
            throw new CryptographicException($"{tls.Certificate} holds no private key");
        if (tls.Authority is { } authority)
            _authority.ImportFromPemFile(authority);
    }

    public void Apply(TlsOptions options)
    {
        options.LocalCertificate = _own;
        options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.RemoteCertificateValidation = (remote, _, _) => IsTrusted(remote);
        options.OnAuthenticateAsClient = (_, client) => client.TargetHost = _own.GetNameInfo(X509NameType.DnsName, forIssuer: false);
    }

    /// <summary>Whether the other side may be talked to.</summary>
    public bool IsTrusted(X509Certificate2 remote)
    {
        if (_authority.Count == 0)
            return remote.RawDataMemory.Span.SequenceEqual(_own.RawDataMemory.Span) && remote.NotAfter > DateTime.Now;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(remote);
    }

    private static X509Certificate2 Load(ClusterTls tls)
    {
        if (X509Certificate2.GetCertContentType(tls.Certificate) == X509ContentType.Pkcs12)
            return X509CertificateLoader.LoadPkcs12FromFile(tls.Certificate, tls.Password);
        using var pem = X509Certificate2.CreateFromPemFile(tls.Certificate);

        // A key that only this object knows is refused by some platforms' TLS.
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), password: null);
    }
}
