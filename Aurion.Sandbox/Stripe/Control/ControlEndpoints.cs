using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aurion.Sandbox.Look;
using Aurion.Sandbox.Stripe.Billing;
using Aurion.Sandbox.Stripe.Core;
using Aurion.Sandbox.Stripe.Resources;
using Aurion.Sandbox.Stripe.Webhooks;
using Dapper;

namespace Aurion.Sandbox.Stripe.Control;

/// <summary>What the real Stripe has no button for. Each form of the page is also a call: JSON in, JSON out.</summary>
internal sealed class ControlEndpoints(StripeStore store, DeliveryQueue queue, WebhookSender sender, Faults faults, TimeTravel time)
{
    public static void Map(WebApplication app, StripeStore store, DeliveryQueue queue, WebhookSender sender, Faults faults, TimeTravel time)
    {
        var control = new ControlEndpoints(store, queue, sender, faults, time);
        app.MapGet("/control", async () => Page.Show<Controls>(new
        {
            View = new ControlsView(faults, time.IsPossible, store.Now, await queue.PendingAsync(), await RecentChargesAsync(store), await ComingRenewalsAsync(store), await store.ReadAsync(AccountSettings.AfterLastTryAsync)),
        }));
        control.Do(app, "advance", control.AdvanceAsync);
        control.Do(app, "faults", control.SetFaults);
        control.Do(app, "fail-call", control.FailCall);
        control.Do(app, "clear-calls", control.ClearCalls);
        control.Do(app, "account", control.SetAccountAsync);
        control.Do(app, "deliver", control.DeliverAsync);
        control.Do(app, "resend", control.ResendAsync);
        control.Do(app, "refund", control.RefundAsync);
        control.Do(app, "fail-refund", control.FailRefundAsync);
        control.Do(app, "dispute", control.DisputeAsync);
        control.Do(app, "close-dispute", control.CloseDisputeAsync);
        app.MapGet("/control/state", async () => Results.Text((await control.StateAsync()).ToJsonString(Json.Indented), "application/json"));
    }

    private void Do(WebApplication app, string name, Func<JsonObject, Task> act) => app.MapPost("/control/" + name, async (HttpContext http) =>
    {
        var json = http.Request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true;
        try
        {
            var input = json ? await JsonNode.ParseAsync(http.Request.Body) as JsonObject ?? throw new FormatException("Send a JSON object.")
                : new JsonObject((await http.Request.ReadFormAsync()).Select(f => KeyValuePair.Create(f.Key, (JsonNode?)f.Value.ToString())));
            await act(input);
        }
        catch (Exception e) when (e is StripeError or FormatException or OverflowException or JsonException or InvalidOperationException)
        {
            return json ? Results.Json(new { error = e.Message }, statusCode: 400) : Page.Show<RefusedControl>(new { Why = e.Message }, StatusCodes.Status400BadRequest);
        }
        return json ? Results.Text((await StateAsync()).ToJsonString(Json.Indented), "application/json") : Results.Redirect("/control");
    });

    private async Task<JsonObject> StateAsync() => new()
    {
        ["now"] = store.Now,
        ["pending_deliveries"] = await queue.PendingAsync(),
        ["unavailable"] = faults.Unavailable,
        ["refusing"] = faults.Refusing,
        ["lose"] = faults.LosePercent,
        ["duplicate"] = faults.DuplicatePercent,
        ["mis_sign"] = faults.MisSignPercent,
        ["delay"] = faults.DelaySeconds,
        ["reorder"] = faults.Reorder,
        ["hold"] = faults.Hold,
        ["calls"] = new JsonArray([.. faults.Planned.Select(f => new JsonObject
        {
            ["call"] = f.Call,
            ["kind"] = CallFaultNames.Of(f.Kind),
            ["nth"] = f.Nth,
            ["times"] = f.Times,
            ["seen"] = f.Seen,
            ["struck"] = f.Struck,
        })]),
    };

    private static int Number(JsonObject input, string name) => input[name] is null ? 0 : int.Parse(input[name]!.ToString() is { Length: > 0 } text ? text : "0", CultureInfo.InvariantCulture);

    private static int AtLeastZero(JsonObject input, string name) => Number(input, name) is >= 0 and var number ? number : throw new FormatException($"{name} is at least 0.");

    private static int AtLeastOne(JsonObject input, string name) => input[name]?.ToString() is not { Length: > 0 } ? 1
        : Number(input, name) is >= 1 and var number ? number : throw new FormatException($"{name} is at least 1.");

    private static int Percent(JsonObject input, string name) => AtLeastZero(input, name) is <= 100 and var percent ? percent : throw new FormatException($"{name} is a percentage, from 0 to 100.");

    private static bool Flag(JsonObject input, string name) => input[name]?.ToString() is "true" or "on" or "1";

    /// <summary><c>days</c>, <c>hours</c>, <c>minutes</c>, <c>seconds</c>; or <c>to</c>, in seconds since 1970.</summary>
    private Task AdvanceAsync(JsonObject input)
    {
        var by = input["to"] is { } to
            ? TimeSpan.FromSeconds(long.Parse(to.ToString(), CultureInfo.InvariantCulture) - store.Now)
            : new TimeSpan(Number(input, "days"), Number(input, "hours"), Number(input, "minutes"), Number(input, "seconds"));
        return by > TimeSpan.Zero ? time.AdvanceAsync(by) : throw new FormatException("Time only moves forward: say days, hours, minutes, seconds or to.");
    }

    private Task SetFaults(JsonObject input)
    {
        // All are read before any is set: a call that is refused changes nothing.
        var (lose, duplicate, misSign, delay) = (Percent(input, "lose"), Percent(input, "duplicate"), Percent(input, "mis_sign"), AtLeastZero(input, "delay"));
        faults.Unavailable = Flag(input, "unavailable");
        faults.Refusing = Flag(input, "refusing");
        faults.Reorder = Flag(input, "reorder");
        faults.Hold = Flag(input, "hold");
        (faults.LosePercent, faults.DuplicatePercent, faults.MisSignPercent, faults.DelaySeconds) = (lose, duplicate, misSign, delay);
        return Task.CompletedTask;
    }

    /// <summary><c>call</c> (method and path, with <c>*</c> for any characters), <c>kind</c>, and optionally <c>nth</c> and <c>times</c>.</summary>
    private Task FailCall(JsonObject input)
    {
        var (call, kind) = (Text(input, "call"), CallFaultNames.Parse(Text(input, "kind")));
        var (nth, times) = (AtLeastOne(input, "nth"), AtLeastOne(input, "times"));
        if (!call.Contains(" /", StringComparison.Ordinal) && !call.Contains('*', StringComparison.Ordinal))
            throw new FormatException("call is a method and a path, such as POST /v1/subscriptions/*.");
        faults.OnCall(call, kind, nth, times);
        return Task.CompletedTask;
    }

    private Task ClearCalls(JsonObject input)
    {
        faults.ClearCalls();
        return Task.CompletedTask;
    }

    private Task SetAccountAsync(JsonObject input) => store.WriteAsync(async tx =>
    {
        await AccountSettings.SetAfterLastTryAsync(tx, Text(input, "after_last_try"));
        return true;
    });

    private Task DeliverAsync(JsonObject input) => sender.SendDueAsync(evenBeforeDue: true);

    private async Task ResendAsync(JsonObject input)
    {
        if (await queue.ResendAsync(Text(input, "event")) == 0)
            throw new FormatException("No such event, or no endpoint to send it to.");
    }

    private static string Text(JsonObject input, string name) => input[name]?.ToString() is { Length: > 0 } text ? text : throw new FormatException($"Say {name}.");

    private Task RefundAsync(JsonObject input) => store.WriteAsync(async tx => await Refunds.RefundAsync(
        tx, await ChargeAsync(tx, input), Cents(input), "requested_by_customer", []));

    private Task FailRefundAsync(JsonObject input) => store.WriteAsync(async tx => await Refunds.FailAsync(tx, await tx.GetAsync("refund", Text(input, "refund"), "refund")));

    private static long? Cents(JsonObject input) => input["amount"]?.ToString() is { Length: > 0 } amount ? long.Parse(amount, CultureInfo.InvariantCulture) : null;

    private Task DisputeAsync(JsonObject input) => store.WriteAsync(async tx => Disputes.Open(
        tx, await ChargeAsync(tx, input), input["reason"]?.ToString() ?? "fraudulent", part: Cents(input)));

    private Task CloseDisputeAsync(JsonObject input) => store.WriteAsync(async tx =>
    {
        var charge = await ChargeAsync(tx, input);
        var dispute = await tx.FindAsync(charge.Str("_dispute")) ?? throw new FormatException("This charge is not disputed.");
        await Disputes.CloseAsync(tx, dispute, won: Text(input, "outcome") == "won", overturned: true);
        return dispute;
    });

    private static async Task<JsonObject> ChargeAsync(StripeTransaction tx, JsonObject input) => await tx.GetAsync("charge", Text(input, "charge"), "charge");

    private static async Task<IReadOnlyList<ComingRenewal>> ComingRenewalsAsync(StripeStore store)
    {
        await using var connection = await store.Database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<ComingRenewal>("""
            SELECT coalesce(c.data->>'email', c.id) AS email, (s.data->'items'->'data'->0->>'current_period_end')::bigint AS at
              FROM objects s JOIN objects c ON c.id = s.customer
             WHERE s.object = 'subscription' AND s.test_clock IS NULL AND s.data->>'status' IN ('trialing', 'active', 'past_due', 'unpaid')
               AND (s.data->'items'->'data'->0->>'current_period_end')::bigint > @now
             ORDER BY s.created DESC, s.seq DESC LIMIT 5
            """, new { now = store.Now })];
    }

    private static Task<IReadOnlyList<JsonObject>> RecentChargesAsync(StripeStore store) =>
        store.QueryAsync("SELECT data::text FROM objects WHERE object = 'charge' AND data->>'status' = 'succeeded' ORDER BY created DESC, seq DESC LIMIT 15");
}
