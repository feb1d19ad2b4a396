using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Billing;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Resources;

/// <summary>A clock of their own for the customers created under it; advancing it lives everything up to the new time at once.</summary>
internal static class TestClocks
{
    private const long Longest = 2 * 366 * 86400L;

    public static void Map(StripeApi api)
    {
        api.Post("test_helpers/test_clocks", call => Task.FromResult(Create(call)));
        api.Retrieve("test_helpers/test_clocks", "test_helpers.test_clock");
        api.List("test_helpers/test_clocks", "test_helpers.test_clock");
        api.Post("test_helpers/test_clocks/{id}/advance", call => AdvanceAsync(api.Store, call));
        api.Delete("test_helpers/test_clocks/{id}", async call =>
        {
            var clock = await call.Tx.GetAsync("test_helpers.test_clock", call.Id);
            call.Tx.Emit("test_helpers.test_clock.deleted", clock);
            foreach (var subscription in (await call.Tx.AllAsync("subscription")).Where(s => s.Str("test_clock") == call.Id && s.Str("status") is not ("canceled" or "incomplete_expired")))
                await Cancellation.EndAsync(call.Tx, subscription, "cancellation_requested");
            clock["deleted"] = true;
            call.Tx.Save(clock);
            return new JsonObject { ["id"] = call.Id, ["object"] = "test_helpers.test_clock", ["deleted"] = true };
        });
    }

    private static JsonObject Create(Call call)
    {
        var time = call.Params.Long("frozen_time") ?? throw StripeError.MissingParam("frozen_time");
        var clock = new JsonObject
        {
            ["id"] = Ids.New("clock_1", 23),
            ["object"] = "test_helpers.test_clock",
            ["created"] = call.Tx.Now,
            ["deletes_after"] = call.Tx.Now + (30 * 86400),
            ["frozen_time"] = time,
            ["livemode"] = false,
            ["name"] = call.Params.Text("name"),
            ["status"] = "ready",
            ["status_details"] = new JsonObject(),
        };
        call.Tx.Create("test_helpers.test_clock.created", clock);
        return clock;
    }

    private static async Task<JsonObject> AdvanceAsync(StripeStore store, Call call)
    {
        var tx = call.Tx;
        var clock = await tx.GetAsync("test_helpers.test_clock", call.Id);
        var until = call.Params.Long("frozen_time") ?? throw StripeError.MissingParam("frozen_time");
        var from = clock.Long("frozen_time");
        if (clock.Str("status") != "ready")
            throw new StripeError(429, "invalid_request_error", "The test clock is advancing. Please wait until the clock is ready again.", "test_clock_advancing");
        if (until <= from)
            throw StripeError.Invalid("Test clocks can only be advanced to a time after their current frozen time.", "frozen_time");
        if (until - from > Longest)
            throw StripeError.Invalid("Test clocks can be advanced by at most two intervals at a time.", "frozen_time");
        clock["status"] = "advancing";
        clock["status_details"] = new JsonObject { ["advancing"] = new JsonObject { ["target_frozen_time"] = until } };
        tx.Save(clock);
        tx.Emit("test_helpers.test_clock.advancing", clock);
        _ = Task.Run(() => FinishOrFailAsync(store, call.Id, until));
        return clock;
    }

    /// <summary>Takes up what a stop interrupted.</summary>
    public static async Task ResumeAsync(StripeStore store)
    {
        foreach (var clock in await store.QueryAsync("SELECT data::text FROM objects WHERE object = 'test_helpers.test_clock' AND data->>'status' = 'advancing'"))
            await FinishAsync(store, clock.Id(), clock.Obj("status_details").Obj("advancing")!.Long("target_frozen_time"));
    }

    // Nobody waits for it: what goes wrong must show in the clock's status.
    private static async Task FinishOrFailAsync(StripeStore store, string id, long until)
    {
        try
        {
            await FinishAsync(store, id, until);
        }
        catch (Exception fault)
        {
            await Console.Error.WriteLineAsync($"Stripe stand-in, test clock {id}: {fault}");
            await store.WriteAsync(async tx =>
            {
                var clock = await tx.GetAsync("test_helpers.test_clock", id);
                clock["status"] = "internal_failure";
                tx.Save(clock);
                tx.Emit("test_helpers.test_clock.internal_failure", clock);
                return true;
            });
        }
    }

    private static async Task FinishAsync(StripeStore store, string id, long until)
    {
        // The call's own transaction holds the writers' lock until it is committed, so this waits for it.
        await store.WriteAsync(tx => Task.FromResult(true));
        await Lifecycle.CatchUpAsync(store, until, id);
        await store.WriteAsync(async tx =>
        {
            var clock = await tx.GetAsync("test_helpers.test_clock", id);
            clock["frozen_time"] = until;
            clock["status"] = "ready";
            clock["status_details"] = new JsonObject();
            clock.Remove("_time");
            tx.Save(clock);
            tx.Emit("test_helpers.test_clock.ready", clock);
            return true;
        });
    }
}
