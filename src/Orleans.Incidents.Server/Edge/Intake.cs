using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Tracing;
using Incidents.Engine.Turns;
using Incidents.Grouping;
using Incidents.Identities;
using Incidents.Integrations.Intake;
using Incidents.Server.Api;
using Incidents.Server.Hosting;
using Incidents.Server.Logging;
using Incidents.Server.Telemetry;
using Microsoft.AspNetCore.Http.Features;
using NodaTime;

namespace Incidents.Server.Edge;

/// <summary>What became of a request at an intake address.</summary>
/// <param name="Receipts">One id an accepted alert, in order.</param>
/// <param name="Alerts">The accepted alerts.</param>
/// <param name="Refused">The others.</param>
/// <param name="Note">Set when the request is understood and opens nothing by design.</param>
internal sealed record Taken(IReadOnlyList<string> Receipts, IReadOnlyList<Alert> Alerts, IReadOnlyList<Refusal> Refused, string? Note);

/// <summary>From bytes to durable alerts: admit, translate, route, hand to the engine, wait for the flush.</summary>
internal sealed class Intake(Runtime runtime, Func<Registry> registry, Admission admission, int maxBody)
{
    /// <summary>How long a request waits for its flush before it is refused. Ten seconds.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);

    // What an alert takes up between its body and the disk, beside the body itself: a body of ten bytes is not for nothing.
    private const long BytesAnAlert = 1024;

    // A sender may claim any year for an alert's end. Within this bound every deadline fits the journal's clock.
    private static readonly Duration MaxExpiry = Duration.FromDays(36_500);

    private readonly RouteMemo _memo = new();
    private readonly long _node = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8));
    private long _requests;

    /// <summary>Reads a body within its bound.</summary>
    public async Task<ReadOnlyMemory<byte>> BodyAsync(HttpContext http)
    {
        if (http.Request.ContentLength > maxBody)
        {
            await DrainAsync(http);
            throw new RefusedException(Reason.TooLarge, $"the body is larger than {maxBody} bytes");
        }

        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(http.RequestAborted);
            if (read.Buffer.Length > maxBody)
                throw new RefusedException(Reason.TooLarge, $"the body is larger than {maxBody} bytes");
            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    // Many senders read no answer before they have written everything: a moderate body is read to its end and thrown away.
    private async Task DrainAsync(HttpContext http)
    {
        if (http.Request.ContentLength > 16L * maxBody || http.Features.Get<IHttpMaxRequestBodySizeFeature>() is not { IsReadOnly: false } limit)
            return;
        limit.MaxRequestBodySize = null;
        for (var reader = http.Request.BodyReader; ;)
        {
            var read = await reader.ReadAsync(http.RequestAborted);
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return;
        }
    }

    /// <summary>Takes a body in under a principal.</summary>
    /// <exception cref="RefusedException">The request as a whole is refused.</exception>
    public async Task<Taken> TakeAsync(HttpContext http, Principal principal, IntegrationDefinition integration, ReadOnlyMemory<byte> body)
    {
        var started = Stopwatch.GetTimestamp();
        Charge(principal, integration);
        var now = Time.Now(runtime.Clock);
        var key = RequestKey(http, integration);
        var id = key ?? NewId();
        var translator = Translators.Find(integration.Format)!;
        var said = translator.Translate(body, new IntakeContext(
            name => http.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null, () => http.Request.Headers.Keys, Time.Now(runtime.World), integration.ResolveTimeout, id.ToString()));
        foreach (var refusal in said.Refused)
            runtime.Refusals.Add(principal.Identity.Id, integration.Id, refusal.Reason, refusal.Detail);
        if (said.Alerts.IsEmpty)
            return new Taken([], [], said.Refused, said.Note);

        key ??= said.RequestKey is { } known ? CommandId.Of($"delivery:{integration.Id}:{known}") : null;
        var (items, unrouted) = Items(said.Alerts, integration);
        if (items.Count == unrouted)
            throw Refuse(principal, integration, Reason.NoRoute, "no route is configured that leads to a service");
        var answer = await PostAsync(new Asked(principal, integration, now, key ?? id, key), items, body.Length + (items.Count * BytesAnAlert));
        Measure.Answered(Stopwatch.GetElapsedTime(started));
        Positions.Tell(http, answer.Position);
        var accepted = items.Where(i => i.Refused is null).Select(i => i.Index).Distinct().ToList();

        // A key that was used before gets the receipts of that time, also where it now comes with other alerts.
        var receipts = runtime.Receipts.Ids(answer.Position, answer.Number, (answer.WasKnown ? runtime.Receipts.Accepted(answer.Position, answer.Number) : null) ?? accepted);
        RequestSpans.Took(principal.Identity.Id, integration, said.Alerts.Length, answer.Repeats, receipts);
        if (runtime.Log.IsEnabled(LogLevel.Debug) && receipts.Count > 0)
            Log.AlertsAccepted(runtime.Log, said.Alerts.Length, answer.Repeats, principal.Identity.Id, integration.Id, receipts[0]);
        return new Taken(
            receipts,
            accepted.Count == said.Alerts.Length ? said.Alerts : [.. accepted.Select(i => said.Alerts[i])], said.Refused, said.Note);
    }

    /// <summary>Takes in an alert that this server makes of what a sender said, or did not say.</summary>
    /// <returns>Its receipts.</returns>
    /// <exception cref="RefusedException">It was not taken in.</exception>
    public async Task<IReadOnlyList<string>> SayAsync(Principal principal, IntegrationDefinition integration, Alert alert)
    {
        var (items, unrouted) = Items([alert], integration);
        if (items.Count == unrouted)
            throw Refuse(principal, integration, Reason.NoRoute, "no route is configured that leads to a service");
        var answer = await PostAsync(new Asked(principal, integration, Time.Now(runtime.Clock), NewId(), null), items, 0);
        return runtime.Receipts.Ids(answer.Position, answer.Number, items.Select(i => i.Index).Distinct());
    }

    /// <summary>Charges a request to the budget of whoever makes it.</summary>
    /// <exception cref="RefusedException">It is spent.</exception>
    public void Charge(Principal principal, IntegrationDefinition integration)
    {
        if (admission.Charge(principal.Identity) is not { } wait)
            return;
        runtime.Refusals.Add(principal.Identity.Id, integration.Id, Reason.OverRequestBudget, "more requests than the identity's budget allows");
        var budget = principal.Identity.RequestBudget!;
        throw new RefusedException(Reason.OverRequestBudget,
            $"{principal.Identity.Id} made more requests than its budget allows ({budget.Count} in {Routing.DurationText.Format(budget.Period)}, {budget.Burst} at once); nothing of this request was taken in", wait)
        {
            IsCounted = true, More = OverBudget.Of(principal.Identity.Id, budget),
        };
    }

    private CommandId NewId() => new(((UInt128)(ulong)_node << 64) | (ulong)Interlocked.Increment(ref _requests));

    private RefusedException Refuse(Principal principal, IntegrationDefinition integration, Reason reason, string detail)
    {
        runtime.Refusals.Add(principal.Identity.Id, integration.Id, reason, detail);
        return new RefusedException(reason, detail, reason switch
        {
            Reason.Overloaded => Duration.FromSeconds(2),
            Reason.NodesOfAnOlderVersion => Problems.Upgrading,
            _ => null,
        }) { IsCounted = true };
    }

    private (List<RequestItem> Items, int Unrouted) Items(IReadOnlyList<Alert> alerts, IntegrationDefinition integration)
    {
        var known = registry();
        var items = new List<RequestItem>(alerts.Count);
        var unrouted = 0;
        for (var i = 0; i < alerts.Count; i++)
        {
            var alert = Complete(alerts[i], integration);
            var before = items.Count;
            var routes = _memo.Find(known, alert.Labels);
            for (var place = 0; place < Addressing.Followed(alert, routes.Length); place++)
            {
                var (group, signal) = Addressing.Of(alert, integration, routes, place);
                items.Add(new RequestItem { Index = i, Group = group, Signal = signal });
            }

            if (items.Count > before)
                continue;
            items.Add(new RequestItem { Index = i, Refused = new Refused(Reason.NoRoute, "no route leads to a service") });
            unrouted++;
        }

        return (items, unrouted);
    }

    /// <summary>An alert with what its integration says of it.</summary>
    public static Alert Complete(Alert alert, IntegrationDefinition integration)
    {
        if (alert.ExpiresAfter > MaxExpiry)
            alert = alert with { ExpiresAfter = MaxExpiry };
        var severity = integration.SeverityOf(alert.RawSeverity, alert.Severity);
        return integration.DefaultLabels.Count == 0 && severity == alert.Severity
            ? alert
            : alert with { Severity = severity, Labels = integration.DefaultLabels.With(alert.Labels) };
    }

    private async Task<RequestAnswer> PostAsync(Asked asked, List<RequestItem> items, long bytes)
    {
        var identity = asked.Principal.Identity.Id;
        if (runtime.Unstorable is { } why)
            throw Refuse(asked.Principal, asked.Integration, Reason.Overloaded, $"the server cannot store alerts at the moment ({why}); nothing of this request was taken in");
        if (!await admission.EnterAsync(identity, bytes))
            throw Refuse(asked.Principal, asked.Integration, Reason.Overloaded, "too much waits for the disk already; nothing of this request was taken in");
        var done = new TaskCompletionSource<RequestAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        runtime.Host.Post(new RequestWork
        {
            Id = asked.Id, By = asked.Principal.Caller, Integration = asked.Integration.Id, Key = asked.Key, Items = items,
            Origin = Origin.Current(), ReceivedAt = Instant.FromUnixTimeMilliseconds(asked.At.ToUnixTimeMilliseconds()),
            Answer = answer =>
            {
                admission.Leave(identity, bytes);
                done.TrySetResult(answer);
            },
        });
        RequestAnswer taken;
        try
        {
            taken = await done.Task.WaitAsync(MaxWait, runtime.Clock, runtime.Left);
        }
        catch (OperationCanceledException)
        {
            // Whoever has left service answers nothing that still waits for it; the sender hears so before the process ends.
            throw Refuse(asked.Principal, asked.Integration, Reason.Overloaded, "the server leaves service and does not know what became of this request; send it again, repeats are counted and not opened twice");
        }
        catch (TimeoutException)
        {
            throw Refuse(asked.Principal, asked.Integration, Reason.Overloaded, "the alerts could not be stored in time; send them again, repeats are counted and not opened twice");
        }

        if (taken.Failed is { } failed)
            throw Refuse(asked.Principal, asked.Integration, failed.Reason, failed.Detail);
        Measure.Accepted(taken.Repeats, items.Count - taken.Repeats);
        return taken;
    }

    private static CommandId? RequestKey(HttpContext http, IntegrationDefinition integration)
    {
        var key = http.Request.Headers.TryGetValue("Idempotency-Key", out var given) || http.Request.Headers.TryGetValue("webhook-id", out given) ? given.ToString() : "";
        return key.Length switch
        {
            0 => null,
            > 256 => throw new RefusedException(Reason.TooLarge, "the request id is longer than 256 characters"),
            _ => CommandId.Of($"request:{integration.Id}:{key}"),
        };
    }

    private sealed record Asked(Principal Principal, IntegrationDefinition Integration, Instant At, CommandId Id, CommandId? Key);
}
