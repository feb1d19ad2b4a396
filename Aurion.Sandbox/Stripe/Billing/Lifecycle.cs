using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;
using Aurion.Sandbox.Stripe.Resources;
using Dapper;

namespace Aurion.Sandbox.Stripe.Billing;

/// <summary>Lets happen what is due, one step a transaction, in the order of time; each step's events carry the time at which it was due.</summary>
internal static class Lifecycle
{
    public static async Task<long?> NextAsync(StripeStore store, string? testClock = null)
    {
        await using var connection = await store.Database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<long?>(
            "SELECT min(due_at) FROM objects WHERE due_at IS NOT NULL AND coalesce(test_clock, '') = coalesce(@testClock, '')", new { testClock });
    }

    /// <summary>Everything up to <paramref name="until"/>. Returns how many steps were taken.</summary>
    public static async Task<int> CatchUpAsync(StripeStore store, long until, string? testClock = null)
    {
        var steps = 0;
        while (await NextAsync(store, testClock) is { } due && due <= until)
        {
            await store.WriteAsync(tx => StepAsync(tx, due, testClock), at: due);
            steps++;
        }
        return steps;
    }

    private static async Task<bool> StepAsync(StripeTransaction tx, long due, string? testClock)
    {
        // A schedule turns before the renewal that falls on the same second.
        var found = await tx.SelectAsync("""
            SELECT data::text FROM objects
             WHERE due_at = @due AND coalesce(test_clock, '') = coalesce(@testClock, '')
             ORDER BY (object = 'subscription_schedule') DESC, seq LIMIT 1
            """, new { due, testClock });
        if (found.Count == 0)
            return false;
        if (testClock is not null)
        {
            var clock = await tx.GetAsync("test_helpers.test_clock", testClock);
            clock["_time"] = due;
            await tx.FollowClockAsync(testClock);
        }
        await ActAsync(tx, found[0]);
        return true;
    }

    /// <summary>Lets one thing happen whose time is the transaction's.</summary>
    public static Task ActAsync(StripeTransaction tx, JsonObject o) => o.Str("object") switch
    {
        "subscription" => SubscriptionAsync(tx, o),
        "invoice" => InvoiceAsync(tx, o),
        "checkout.session" => o.Obj("_settles") is null ? CheckoutSessions.ExpireAsync(tx, o) : Checkout.SettleAsync(tx, o),
        "subscription_schedule" => Schedules.TurnAsync(tx, o),
        var kind => throw new InvalidOperationException($"Nothing is due for a {kind}."),
    };

    private static Task SubscriptionAsync(StripeTransaction tx, JsonObject s)
    {
        if (s.Str("status") == "incomplete")
            return Cancellation.ExpireAsync(tx, s);
        if (s.LongOrNull("cancel_at") is { } end && end <= tx.Now)
            return Cancellation.EndAsync(tx, s, "cancellation_requested");
        if (s.Str("status") == "trialing")
            return Trial.TurnAsync(tx, s);
        if (s.Obj("pause_collection").LongOrNull("resumes_at") is { } resumes && resumes <= tx.Now)
        {
            Pausing.EndCollectionPause(tx, s);
            return Task.CompletedTask;
        }
        if (s.Obj("pending_update").LongOrNull("expires_at") is { } patience && patience <= tx.Now)
            return PendingUpdates.ExpireAsync(tx, s);
        return Renewal.RenewAsync(tx, s);
    }

    private static async Task InvoiceAsync(StripeTransaction tx, JsonObject invoice)
    {
        if (invoice.Str("status") == "draft")
            await Invoicing.FinalizeAsync(tx, invoice);
        if (invoice.Str("status") == "open")
            await InvoicePayment.AttemptAsync(tx, invoice, await InvoicePayment.FindMethodAsync(tx, invoice), new Payment(OnSession: false));
    }
}
