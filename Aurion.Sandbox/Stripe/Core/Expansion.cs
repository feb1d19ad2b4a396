using System.Text.Json.Nodes;

namespace Aurion.Sandbox.Stripe.Core;

/// <summary>Puts objects in the place of their ids (<c>expand[]=data.customer</c>), and lists that are only there when asked for.</summary>
internal static class Expansion
{
    public static async Task ExpandAsync(StripeTransaction tx, JsonObject root, IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            await ExpandAsync(tx, root, path.Split('.'), path);
        }
    }

    private static async Task ExpandAsync(StripeTransaction tx, JsonNode? node, ReadOnlyMemory<string> names, string path)
    {
        if (names.IsEmpty)
            return;
        if (node is JsonArray elements)
        {
            foreach (var element in elements.ToArray())
                await ExpandAsync(tx, element, names, path);
            return;
        }
        if (node is not JsonObject owner)
            return;
        var name = names.Span[0];
        if (await OnDemandAsync(tx, owner, name) is { } list)
            owner[name] = list;
        else if (!owner.ContainsKey(name) && !owner.Bool("deleted"))
            throw StripeError.Invalid($"This property cannot be expanded ({path}).", "expand[]");
        await ReplaceAsync(tx, owner, name);
        await ExpandAsync(tx, owner[name], names[1..], path);
    }

    private static async Task ReplaceAsync(StripeTransaction tx, JsonObject owner, string name)
    {
        if (owner.Str(name) is { } id && await tx.FindAsync(id) is { } found)
            owner[name] = found.Clone();
        else if (owner[name] is JsonArray ids)
            for (var i = 0; i < ids.Count; i++)
                if (ids[i] is JsonValue v && v.TryGetValue<string>(out var element) && await tx.FindAsync(element) is { } inList)
                    ids[i] = inList.Clone();
    }

    private static async Task<JsonNode?> OnDemandAsync(StripeTransaction tx, JsonObject owner, string name) => (owner.Str("object"), name) switch
    {
        ("checkout.session", "line_items") => owner["_line_items"]?.DeepClone(),
        ("invoice", "payments") => Json.List("/v1/invoice_payments", (await CustomerObjectsAsync(tx, owner, "invoice_payment")).Where(p => p.Str("invoice") == owner.Id()).Select(Json.Clone)),
        ("invoice", "confirmation_secret") => owner.Str("_payment_intent") is { } pi && await tx.FindAsync(pi) is { } intent
            ? new JsonObject { ["client_secret"] = intent.Str("client_secret"), ["type"] = "payment_intent" } : null,
        ("customer", "subscriptions") => Json.List($"/v1/customers/{owner.Id()}/subscriptions", (await tx.OfCustomerAsync("subscription", owner.Id())).Where(s => s.Str("status") is not ("canceled" or "incomplete_expired")).Select(Json.Clone)),
        ("charge", "refunds") => Json.List($"/v1/charges/{owner.Id()}/refunds", (await CustomerObjectsAsync(tx, owner, "refund")).Where(r => r.Str("charge") == owner.Id()).Select(Json.Clone)),
        _ => null,
    };

    private static async Task<IEnumerable<JsonObject>> CustomerObjectsAsync(StripeTransaction tx, JsonObject owner, string kind) =>
        owner.Str("customer") is { } customer ? await tx.OfCustomerAsync(kind, customer) : await tx.AllAsync(kind);
}
