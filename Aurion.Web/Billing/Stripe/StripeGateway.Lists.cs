using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Aurion.Web.Billing.Stripe;

/// <summary>Everything there is, page by page.</summary>
public sealed partial class StripeGateway
{
    public async IAsyncEnumerable<StripeSubscription> ListSubscriptionsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var form = new StripeForm { ["status"] = "all", ["expand[0]"] = "data.default_payment_method", ["expand[1]"] = "data.schedule", ["expand[2]"] = "data.discounts" };
        await foreach (var json in ListAsync("/v1/subscriptions", form, ct))
            yield return StripeReading.Subscription(json);
    }

    public async Task<IReadOnlyList<StripeInvoice>> ListInvoicesAsync(string subscription, CancellationToken ct)
    {
        var invoices = new List<StripeInvoice>();
        await foreach (var json in ListAsync("/v1/invoices", new StripeForm { ["subscription"] = subscription }, ct))
            invoices.Add(StripeReading.Invoice(json));
        return invoices;
    }

    /// <summary>Events since a time, as JSON, newest first; Stripe keeps thirty days.</summary>
    public async IAsyncEnumerable<(string Id, string Type, string Json)> ListEventsAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var json in ListAsync("/v1/events", new StripeForm { ["created[gte]"] = since.Seconds() }, ct))
            yield return (json.Required("id"), json.Required("type"), json.GetRawText());
    }

    /// <summary>Payments of packs since a time; ours are those that name a user.</summary>
    public async IAsyncEnumerable<(string Kind, string Id, bool IsOurs)> ListPurchasesAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var json in ListAsync("/v1/checkout/sessions", new StripeForm { ["created[gte]"] = since.Seconds(), ["status"] = "complete" }, ct))
        {
            if (StripeReading.Checkout(json) is { Mode: "payment" } checkout)
                yield return ("checkout.session", checkout.Id, checkout.ClaimedUser is not null);
        }
        await foreach (var json in ListAsync("/v1/payment_intents", new StripeForm { ["created[gte]"] = since.Seconds() }, ct))
        {
            // Those of payment pages name an operation on the page only.
            if (json.Text("status") == "succeeded" && StripeReading.Operation(json) is not null)
                yield return ("payment_intent", json.Required("id"), true);
        }
    }

    private async IAsyncEnumerable<JsonElement> ListAsync(string path, StripeForm form, [EnumeratorCancellation] CancellationToken ct)
    {
        form["limit"] = "100";
        for (var more = true; more;)
        {
            var page = await stripe.SendAsync(StripeCall.Get(path, form), ct);
            foreach (var json in page.List("data"))
            {
                form["starting_after"] = json.Required("id");
                yield return json;
            }
            more = page.Flag("has_more");
        }
    }
}
