using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Billing;
using Aurion.Sandbox.Stripe.Core;
using Aurion.Sandbox.Stripe.Resources;

namespace Aurion.Sandbox.Stripe.Seed;

/// <summary>Lives people's pasts in memory, by the same steps as the real thing, and writes them in one go.</summary>
internal static class Seeding
{
    public static async Task<IReadOnlyList<SeededCustomer>> RunAsync(StripeStore store, IReadOnlyCollection<SeedCustomer> people)
    {
        var sold = await store.QueryAsync("SELECT data::text FROM objects WHERE object IN ('price', 'product')");
        var seeded = new List<SeededCustomer>(people.Count);
        var objects = new List<JsonObject>();
        foreach (var person in people)
        {
            await using var tx = new StripeTransaction(null, null, store.Now, store.PublicUrl);
            foreach (var o in sold)
                tx.Preload(o);
            seeded.Add(await LiveAsync(tx, person, store.Now));
            objects.AddRange(tx.Changed);
        }
        await SeedWriter.WriteAsync(store, objects);
        return seeded;
    }

    private static async Task<SeededCustomer> LiveAsync(StripeTransaction tx, SeedCustomer person, long until)
    {
        tx.Now = (person.CreatedAt ?? person.Subscription?.StartedAt)?.ToUnixTimeSeconds() ?? tx.Now;
        var customer = Customers.New(tx, person.Email, person.Name, Metadata(person.Metadata));
        tx.Add(customer);
        return person.Subscription is { } wanted
            ? new SeededCustomer(person.Email, customer.Id(), await SubscribeAsync(tx, customer, wanted, until))
            : new SeededCustomer(person.Email, customer.Id(), null);
    }

    private static async Task<SeededSubscription> SubscribeAsync(StripeTransaction tx, JsonObject customer, SeedSubscription wanted, long until)
    {
        tx.Now = wanted.StartedAt.ToUnixTimeSeconds();
        var price = (await tx.AllAsync("price")).FirstOrDefault(p => p.Id() == wanted.Price || p.Str("lookup_key") == wanted.Price)
            ?? throw new ArgumentException($"No price has the id or lookup key '{wanted.Price}'.", nameof(wanted));
        var method = PaymentMethods.New(tx, PaymentMethods.FindCard(wanted.Card), 12, 2034, customer.Str("email"), customer.Str("name"));
        method["customer"] = customer.Id();
        method["_set_up"] = true;
        tx.Add(method);
        var subscription = await SubscriptionStart.StartAsync(tx, new NewSubscription(customer, [(price, 1)])
        {
            Metadata = Metadata(wanted.Metadata),
            DefaultPaymentMethod = method.Id(),
            Payment = new Payment(OnSession: true, Authenticated: true),
        });
        await RenewAsync(tx, subscription, method, wanted, until);
        return Result(tx, subscription);
    }

    private static async Task RenewAsync(StripeTransaction tx, JsonObject subscription, JsonObject method, SeedSubscription wanted, long until)
    {
        var canceled = wanted.CanceledAt?.ToUnixTimeSeconds();
        // A subscription that ends with its period is not renewed at that very second.
        var end = Math.Min(until, canceled - 1 ?? until);
        while (tx.Changed.Where(o => Due.At(o) <= end).MinBy(Due.At) is { } next)
        {
            var due = Due.At(next)!.Value;
            tx.Now = due;
            if (wanted.LastRenewalFails && next == subscription && NextEnd(subscription, due) > until)
                method["_number"] = "4000000000000341";
            await Lifecycle.ActAsync(tx, next);
        }
        if (canceled is { } at)
        {
            tx.Now = at;
            await Cancellation.EndAsync(tx, subscription, "cancellation_requested");
        }
        else if (wanted.CancelAtPeriodEnd)
        {
            subscription["cancel_at_period_end"] = true;
            subscription["cancel_at"] = SubscriptionChange.PeriodOf(subscription).End;
            subscription["canceled_at"] = tx.Now;
        }
    }

    private static long NextEnd(JsonObject subscription, long start)
    {
        var (interval, count) = SubscriptionItems.IntervalOf(subscription);
        return Period.EndAfter(start, subscription.Long("billing_cycle_anchor"), interval, count);
    }

    private static SeededSubscription Result(StripeTransaction tx, JsonObject subscription)
    {
        var (start, end) = SubscriptionChange.PeriodOf(subscription);
        var price = subscription.Data("items").First().Obj("price")!;
        return new SeededSubscription(subscription.Id(), subscription.Str("status")!, price.Id(), price.Str("product")!, At(start), At(end),
            [.. tx.Changed.Where(o => o.Str("object") == "invoice").OrderBy(o => o.Long("created")).Select(Invoice)]);
    }

    private static SeededInvoice Invoice(JsonObject invoice)
    {
        var line = invoice.Data("lines").Last();
        return new SeededInvoice(invoice.Id(), line.Id(), line.Obj("pricing").Obj("price_details").Str("price")!, invoice.Str("status")!, invoice.Str("billing_reason")!,
            invoice.Long("amount_paid"), At(invoice.Long("created")), At(line.Obj("period")!.Long("start")), At(line.Obj("period")!.Long("end")));
    }

    private static DateTimeOffset At(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds);

    private static JsonObject Metadata(IReadOnlyDictionary<string, string> values) => new(values.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)v.Value)));
}
