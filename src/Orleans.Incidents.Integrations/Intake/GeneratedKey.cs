using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace Incidents.Integrations.Intake;

/// <summary>The key of an alert whose sender wants one made and returned.</summary>
internal static class GeneratedKey
{
    private const int Length = 16;

    /// <summary>32 lower-case hexadecimal digits: the same for the same request, another for another.</summary>
    public static string Of(in IntakeContext context, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("incidents generated key\0"u8);
        if (context.RequestId.Length > 0)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(context.RequestId));
        }
        else
        {
            Span<byte> received = stackalloc byte[16];
            BinaryPrimitives.WriteInt128BigEndian(received, (context.ReceivedAt - NodaConstants.UnixEpoch).ToInt128Nanoseconds());
            hash.AppendData(received);
            hash.AppendData(body);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, Length));
    }
}
