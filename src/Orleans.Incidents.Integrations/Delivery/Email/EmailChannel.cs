using System.Threading.Channels;
using Incidents.Delivery;
using Incidents.Engine.Delivery;

namespace Incidents.Integrations.Delivery.Email;

/// <summary>Sends a page as a mail through one configured mail server. Mailboxes recognise repeats by their Message-ID.</summary>
/// <remarks>
/// It speaks SMTP itself. The base library's client was tried first: after a wrong password, or where signing in is not offered,
/// it goes on without signing in and reports success; it knows no TLS from the first byte (port 465); it does not tell what
/// the server said when it took the message; and it cannot be told whom to trust.
/// </remarks>
/// <param name="secrets">Where the password is read, afresh at every attempt.</param>
/// <param name="time">The clock of the time-out.</param>
/// <param name="server">The mail server in force; <see langword="null"/>: none is configured, and pages wait for one.</param>
/// <param name="options">Bounds.</param>
public sealed class EmailChannel(ISecretReader secrets, TimeProvider time, Func<EmailServer?> server, EmailOptions? options = null) : IDeliveryChannel
{
    private readonly EmailOptions _options = options ?? new EmailOptions();
    private readonly ReceiverGate _gate = new((options ?? new EmailOptions()).Attempts);

    // Each conversation holds a place; who finds none waits, in order.
    private readonly Channel<bool> _places = Channel.CreateBounded<bool>((options ?? new EmailOptions()).Connections);

    /// <inheritdoc/>
    public string Name => "email";

    /// <inheritdoc/>
    public async Task<DeliveryResult> DeliverAsync(Notification n, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (server() is not { } through)
            return DeliveryResult.Of(DeliveryReason.NotConfigured, "no mail server is configured: the configuration has no section email");
        if (!EmailAddress.IsValid(n.Address) || !EmailAddress.IsValid(through.From))
            return DeliveryResult.Of(DeliveryReason.BadAddress, "an address of the mail is not of the form name@example.com");
        var password = through.PasswordRef is { } reference ? secrets.Read(reference) : default;
        if (password.Problem is { } problem)
            return DeliveryResult.Of(DeliveryReason.SecretMissing, problem);
        if (!_gate.TryEnter(through.Host))
            return DeliveryResult.Of(DeliveryReason.Congested, $"{through.Host}: {_options.Attempts} attempts are under way");
        try
        {
            return await AttemptAsync(new SmtpDelivery(through, password.Value, _options), through.Host, n.Address, EmailMessage.Make(n, through), cancel);
        }
        finally
        {
            _gate.Leave(through.Host);
        }
    }

    private async Task<DeliveryResult> AttemptAsync(SmtpDelivery delivery, string host, string to, byte[] message, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(_options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        try
        {
            await _places.Writer.WriteAsync(true, either.Token);
            try
            {
                return await delivery.SendAsync(to, message, either.Token);
            }
            finally
            {
                _places.Reader.TryRead(out _);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return DeliveryResult.Of(DeliveryReason.Timeout, $"{host}: not finished within {_options.Timeout.TotalSeconds:0.###} s, {delivery.Stage.Name()}");
        }
    }
}
