using System.Runtime.CompilerServices;
using Stripe;

namespace Aurion.Web.Billing.Stripe;

/// <summary>An element of a list; one that cannot be read carries its fault, and does not stop the others.</summary>
public sealed record Listed<T>(string Id, T? Element, Exception? Fault) where T : class;

/// <summary>A payment for a pack: <paramref name="Kind"/> is what to look at when it is read again.</summary>
public sealed record ListedPurchase(string Kind, string CustomerId, Guid? ClaimedUser, bool Livemode, StripePurchase Purchase);

/// <summary>Everything there is, page by page; nothing is held but the page.</summary>
public sealed partial class StripeGateway
{
    private const int Page = 100;

    /// <summary>The subscriptions that are over, or all the others.</summary>
    public IAsyncEnumerable<Listed<StripeSubscription>> ListSubscriptionsAsync(bool areOver, CancellationToken ct)
    {
        var wanted = new SubscriptionListOptions { Status = areOver ? "ended" : null, Limit = Page, Expand = ["data.default_payment_method", "data.schedule", "data.discounts"] };
        return EachAsync(stripe.Subscriptions.ListAutoPagingAsync(wanted, null, ct), subscription => Task.FromResult(subscription.ToSubscription()), ct);
    }

    /// <summary>Invoices that were finalized.</summary>
    public IAsyncEnumerable<Listed<StripeInvoice>> ListInvoicesAsync(CancellationToken ct) =>
        EachAsync(
            stripe.Invoices.ListAutoPagingAsync(new InvoiceListOptions { Limit = Page }, null, ct).Where(invoice => invoice.Status != "draft"),
            invoice => WholeAsync(invoice, ct), ct);

    /// <summary>Events since a time, as JSON, newest first; Stripe keeps thirty days.</summary>
    public async IAsyncEnumerable<(string Id, string Type, string Json)> ListEventsAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var e in ListAsync(stripe.Events.ListAutoPagingAsync(new EventListOptions { Created = Since(since), Limit = Page }, null, ct), ct))
            yield return (e.Id, e.Type, e.RawJsonElement!.Value.GetRawText());
    }

    /// <summary>Payments of packs since a time; only those that name a user are ours.</summary>
    public async IAsyncEnumerable<Listed<ListedPurchase>> ListPurchasesAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken ct)
    {
        var pages = new global::Stripe.Checkout.SessionListOptions
        {
            Created = Since(since),
            Status = "complete",
            Limit = Page,
            Expand = ["data.line_items", "data.payment_intent.latest_charge"],
        };
        var paid = stripe.Checkout.Sessions.ListAutoPagingAsync(pages, null, ct)
            .Where(session => session is { Mode: "payment", CustomerId: not null } && StripeMapping.User(session.Metadata) is not null);
        await foreach (var session in EachAsync(paid, async session => new ListedPurchase("checkout.session", session.CustomerId, StripeMapping.User(session.Metadata), session.Livemode,
            session.ToPurchase(await FindMoneyBackAsync(session.PaymentIntent?.LatestCharge, ct))), ct))
            yield return session;

        var intents = new PaymentIntentListOptions { Created = Since(since), Limit = Page, Expand = ["data.latest_charge"] };
        // Those of payment pages name an operation on the page only.
        var topUps = stripe.PaymentIntents.ListAutoPagingAsync(intents, null, ct)
            .Where(intent => intent is { Status: "succeeded", CustomerId: not null } && StripeMapping.Operation(intent.Metadata) is not null);
        await foreach (var intent in EachAsync(topUps, async intent => new ListedPurchase("payment_intent", intent.CustomerId, StripeMapping.User(intent.Metadata), intent.Livemode,
            intent.ToTopUp(await FindMoneyBackAsync(intent.LatestCharge, ct))), ct))
            yield return intent;
    }

    private static async IAsyncEnumerable<Listed<TOurs>> EachAsync<TStripe, TOurs>(
        IAsyncEnumerable<TStripe> pages, Func<TStripe, Task<TOurs>> read, [EnumeratorCancellation] CancellationToken ct)
        where TStripe : IHasId
        where TOurs : class
    {
        await foreach (var element in ListAsync(pages, ct))
        {
            Listed<TOurs> listed;
            try
            {
                listed = new(element.Id, await read(element), null);
            }
            catch (Exception fault) when (!ct.IsCancellationRequested)
            {
                listed = new(element.Id, null, fault);
            }
            yield return listed;
        }
    }

    private static AnyOf<DateTime?, DateRangeOptions> Since(DateTimeOffset time) => new DateRangeOptions { GreaterThanOrEqual = time.UtcDateTime };
}
