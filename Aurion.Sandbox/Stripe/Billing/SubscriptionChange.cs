using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;
using Aurion.Sandbox.Stripe.Resources;

namespace Aurion.Sandbox.Stripe.Billing;

/// <summary>
/// A change of items: what it does to the subscription and what it costs. The preview runs the very same steps and throws them away,
/// so that it cannot differ from what an update then bills.
/// </summary>
internal sealed record SubscriptionChange(IReadOnlyList<JsonObject> Lines, bool InvoiceNow)
{
    public static readonly SubscriptionChange None = new([], InvoiceNow: false);

    /// <summary>Changes the items as <c>items[]</c>, <c>proration_behavior</c>, <c>proration_date</c> and <c>billing_cycle_anchor</c> say.</summary>
    public static async Task<SubscriptionChange> ApplyAsync(StripeTransaction tx, JsonObject subscription, Params p)
    {
        var proration = p.OneOf("proration_behavior", "create_prorations", "always_invoice", "none") ?? "create_prorations";
        var at = p.Long("proration_date") ?? tx.Now;
        var restart = ReadAnchor(p) == "now";
        var wanted = p.List("items");
        if (wanted.Count == 0 && !restart)
            return None;
        var (start, end) = PeriodOf(subscription);
        if (at < start || at > end)
            throw StripeError.Invalid("Cannot specify a proration date outside of the current period.", "proration_date");

        var before = subscription.Data("items").Select(i => i.Clone()).ToList();
        var interval = SubscriptionItems.IntervalOf(subscription);
        await ReadItemsAsync(tx, subscription, wanted);
        var after = subscription.Data("items").ToList();
        SubscriptionItems.CheckIntervals(after.Select(i => i.Obj("price")!));
        restart |= SubscriptionItems.IntervalOf(subscription) != interval;

        var lines = proration == "none" ? [] : await CreditsAsync(tx, before, after, at, restart);
        if (restart)
            Restart(tx, subscription);
        foreach (var item in after)
            if (restart)
                lines.Add(await InvoiceLines.ForItemAsync(tx, item));
            else if (proration != "none" && Differs(before.Find(b => b.Id() == item.Id()), item))
                lines.Add(await Proration.RemainingAsync(tx, item, at));
        return new SubscriptionChange(lines, restart || (proration == "always_invoice" && lines.Count > 0));
    }

    // An object since 2026; a word before.
    private static string? ReadAnchor(Params p) => p.Map("billing_cycle_anchor") is { } anchor && anchor.Has("type")
        ? anchor.OneOf("type", "now", "unchanged")
        : p.OneOf("billing_cycle_anchor", "now", "unchanged");

    private static async Task<List<JsonObject>> CreditsAsync(StripeTransaction tx, List<JsonObject> before, List<JsonObject> after, long at, bool restart)
    {
        var lines = new List<JsonObject>();
        foreach (var item in before.Where(b => restart || Differs(after.Find(a => a.Id() == b.Id()), b)))
            if (await Proration.UnusedAsync(tx, item, at) is { } credit)
                lines.Add(credit);
        return lines;
    }

    private static bool Differs(JsonObject? one, JsonObject other) =>
        one is null || one.Obj("price").Str("id") != other.Obj("price").Str("id") || one.Long("quantity") != other.Long("quantity");

    public static (long Start, long End) PeriodOf(JsonObject subscription)
    {
        var item = subscription.Data("items").First();
        return (item.Long("current_period_start"), item.Long("current_period_end"));
    }

    private static void Restart(StripeTransaction tx, JsonObject subscription)
    {
        var (interval, count) = SubscriptionItems.IntervalOf(subscription);
        subscription["billing_cycle_anchor"] = tx.Now;
        SubscriptionItems.SetPeriod(subscription, tx.Now, Period.EndAfter(tx.Now, tx.Now, interval, count));
        if (subscription.Bool("cancel_at_period_end"))
            subscription["cancel_at"] = PeriodOf(subscription).End;
    }

    private static async Task ReadItemsAsync(StripeTransaction tx, JsonObject subscription, IReadOnlyList<Params> wanted)
    {
        var data = (JsonArray)subscription.Obj("items")!["data"]!;
        foreach (var p in wanted)
        {
            var price = p.Text("price") is { } id ? await Prices.GetActiveAsync(tx, id, $"{p.Path}[price]") : null;
            p.Accept("discounts", "tax_rates", "clear_usage");
            if (p.Text("id") is not { } itemId)
            {
                var (start, end) = PeriodOf(subscription);
                data.Add(SubscriptionItems.New(tx, subscription.Id(), price ?? throw StripeError.MissingParam($"{p.Path}[price]"), p.Long("quantity") ?? 1, start, end));
                continue;
            }
            var item = data.OfType<JsonObject>().FirstOrDefault(i => i.Id() == itemId) ?? throw StripeError.NoSuch("subscription_item", itemId, $"{p.Path}[id]");
            if (p.Bool("deleted") == true)
            {
                data.Remove(item);
                continue;
            }
            if (price is not null)
                SubscriptionItems.SetPrice(item, price);
            item["quantity"] = p.Long("quantity") ?? item.Long("quantity");
            if (p.Has("metadata"))
                item["metadata"] = p.Metadata(item.Obj("metadata"));
        }
        if (data.Count == 0)
            throw StripeError.Invalid("A subscription must have at least one active plan. To cancel a subscription, please use the cancel API endpoint on the subscription.", "items");
    }

    /// <summary>Leaves the lines for the next invoice.</summary>
    public void Defer(StripeTransaction tx, JsonObject subscription)
    {
        foreach (var line in Lines)
            tx.Emit("invoiceitem.created", InvoiceItems.Add(tx, subscription.Str("customer")!, subscription.Id(), line));
    }

    /// <summary>The invoice of this change: its lines and whatever else waits for the subscription.</summary>
    public async Task<JsonObject> DraftAsync(StripeTransaction tx, JsonObject customer, JsonObject subscription)
    {
        var (start, end) = PeriodOf(subscription);
        var waiting = await InvoiceItems.TakeAsync(tx, customer.Id(), subscription.Id());
        var invoice = await Invoicing.DraftAsync(tx, customer, subscription, "subscription_update", [.. waiting, .. Lines], start, end);
        InvoiceItems.Assign(tx, invoice);
        return invoice;
    }
}
