using System.Runtime.CompilerServices;
using Stripe;

namespace Aurion.Web.Billing.Stripe;

/// <summary>Everything there is, page by page.</summary>
public sealed partial class StripeGateway
{
    public async IAsyncEnumerable<StripeSubscription> ListSubscriptionsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var all = new SubscriptionListOptions { Status = "all", Limit = 100, Expand = ["data.default_payment_method", "data.schedule", "data.discounts"] };
        await foreach (var subscription in ListAsync(stripe.Subscriptions.ListAutoPagingAsync(all, null, ct), ct))
            yield return subscription.ToSubscription();
    }

    public async Task<IReadOnlyList<StripeInvoice>> ListInvoicesAsync(string subscription, CancellationToken ct)
    {
        var invoices = new List<StripeInvoice>();
        await foreach (var invoice in ListAsync(stripe.Invoices.ListAutoPagingAsync(new InvoiceListOptions { Subscription = subscription, Limit = 100 }, null, ct), ct))
            invoices.Add(await WholeAsync(invoice, ct));
        return invoices;
    }

    /// <summary>Events since a time, as JSON, newest first; Stripe keeps thirty days.</summary>
    public async IAsyncEnumerable<(string Id, string Type, string Json)> ListEventsAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var e in ListAsync(stripe.Events.ListAutoPagingAsync(new EventListOptions { Created = Since(since), Limit = 100 }, null, ct), ct))
            yield return (e.Id, e.Type, e.RawJsonElement!.Value.GetRawText());
    }

    /// <summary>Payments of packs since a time; ours are those that name a user.</summary>
    public async IAsyncEnumerable<(string Kind, string Id, bool IsOurs)> ListPurchasesAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken ct)
    {
        var pages = new global::Stripe.Checkout.SessionListOptions { Created = Since(since), Status = "complete", Limit = 100 };
        await foreach (var session in ListAsync(stripe.Checkout.Sessions.ListAutoPagingAsync(pages, null, ct), ct))
        {
            if (session.Mode == "payment")
                yield return ("checkout.session", session.Id, session.ToCheckout().ClaimedUser is not null);
        }
        await foreach (var intent in ListAsync(stripe.PaymentIntents.ListAutoPagingAsync(new PaymentIntentListOptions { Created = Since(since), Limit = 100 }, null, ct), ct))
        {
            // Those of payment pages name an operation on the page only.
            if (intent.Status == "succeeded" && StripeMapping.Operation(intent.Metadata) is not null)
                yield return ("payment_intent", intent.Id, true);
        }
    }

    private static AnyOf<DateTime?, DateRangeOptions> Since(DateTimeOffset time) => new DateRangeOptions { GreaterThanOrEqual = time.UtcDateTime };
}
