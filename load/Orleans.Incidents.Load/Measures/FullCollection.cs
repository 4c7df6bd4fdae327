using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Incidents.Load.Measures;

/// <summary>
/// Makes a .NET process collect its whole heap, by the runtime's diagnostic port: a trace session with the keyword
/// <c>GCHeapCollect</c> begins with one. The wire format is that of dotnet/diagnostics, documentation/design-docs/ipc-protocol.md.
/// </summary>
internal static class FullCollection
{
    private const byte EventPipe = 2;
    private const byte StopTracing = 1;
    private const byte CollectTracing = 2;
    private const int HeaderLength = 20;
    private const ulong HeapCollect = 0x800000;
    private const uint Informational = 4;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Returns when the collection is over.</summary>
    /// <exception cref="LoadException">The process has no diagnostic port, or refuses.</exception>
    public static async Task RunAsync(int pid, CancellationToken stop)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        late.CancelAfter(Longest);
        try
        {
            await using var session = await SendAsync(pid, CollectTracing, Request(), late.Token);
            var answer = new byte[HeaderLength + sizeof(ulong)];
            await session.ReadExactlyAsync(answer, late.Token);
            if (answer[HeaderLength - 3] != 0)
                throw new LoadException($"process {pid} refuses to collect its heap");

            // The collection is over when the session can be stopped and its stream ends.
            var drained = session.CopyToAsync(Stream.Null, late.Token);
            await Task.Delay(TimeSpan.FromSeconds(1), late.Token);
            await using (var stopping = await SendAsync(pid, StopTracing, answer[HeaderLength..], late.Token))
                await stopping.ReadExactlyAsync(new byte[HeaderLength], late.Token);
            await drained;
        }
        catch (Exception failure) when (failure is IOException or SocketException || (failure is OperationCanceledException && !stop.IsCancellationRequested))
        {
            throw new LoadException($"process {pid} cannot be made to collect its heap: {failure.Message}", failure);
        }
    }

    private static async Task<NetworkStream> SendAsync(int pid, byte command, byte[] payload, CancellationToken stop)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Port(pid)), stop);
        var stream = new NetworkStream(socket, ownsSocket: true);
        var header = new byte[HeaderLength];
        "DOTNET_IPC_V1\0"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(14), (ushort)(HeaderLength + payload.Length));
        (header[16], header[17]) = (EventPipe, command);
        await stream.WriteAsync(header.Concat(payload).ToArray(), stop);
        return stream;
    }

    private static string Port(int pid) =>
        Directory.EnumerateFiles(Path.GetTempPath(), $"dotnet-diagnostic-{pid}-*-socket").FirstOrDefault()
            ?? throw new LoadException($"process {pid} has no diagnostic port");

    // Buffer of 16 MB, format nettrace, one provider with its keywords, level, name and no arguments.
    private static byte[] Request()
    {
        using var bytes = new MemoryStream();
        using var to = new BinaryWriter(bytes);
        foreach (var number in (uint[])[16, 1, 1])
            to.Write(number);
        to.Write(HeapCollect);
        to.Write(Informational);
        Text(to, "Microsoft-Windows-DotNETRuntime");
        Text(to, "");
        return bytes.ToArray();
    }

    private static void Text(BinaryWriter to, string text)
    {
        to.Write((uint)text.Length + 1);
        to.Write(Encoding.Unicode.GetBytes(text + '\0'));
    }
}
