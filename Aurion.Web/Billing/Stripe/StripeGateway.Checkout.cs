using Aurion.Data.Billing;
using Stripe;
using Stripe.Checkout;

namespace Aurion.Web.Billing.Stripe;

/// <summary>Customers and the payment page.</summary>
public sealed partial class StripeGateway
{
    /// <summary>One customer for each user, however often this is asked; another when Stripe no longer has <paramref name="replaced"/>.</summary>
    public async Task<string> CreateCustomerAsync(Guid userId, Buyer buyer, string? replaced, CancellationToken ct)
    {
        var customer = await CallAsync(stripe.Customers.CreateAsync(new CustomerCreateOptions
        {
            Email = buyer.Email,
            Name = buyer.FullName,
            Metadata = new() { [StripeMapping.UserKey] = userId.ToString() },
        }, Key(replaced is null ? $"customer:{userId}" : $"customer:{userId}:{replaced}"), ct));
        return customer.Id;
    }

    /// <summary>Opens a payment page for one subscription; in one language the same operation always opens the same page.</summary>
    public async Task<StripeCheckout> OpenCheckoutAsync(CheckoutRequest request, CancellationToken ct)
    {
        var page = Page(request);
        page.Mode = "subscription";
        page.SubscriptionData = new() { Metadata = new() { [StripeMapping.UserKey] = request.UserId.ToString() } };
        // Language and customer are part of the key: the same key with other words would be refused.
        var session = await CallAsync(stripe.Checkout.Sessions.CreateAsync(page, Key($"checkout:{request.OperationId}:{request.Locale}:{request.CustomerId}"), ct));
        return session.ToCheckout();
    }

    /// <summary>Closes a payment page; false when it can no longer be closed, because it was paid or has expired.</summary>
    public async Task<bool> ExpireCheckoutAsync(string id, CancellationToken ct)
    {
        try
        {
            await CallAsync(stripe.Checkout.Sessions.ExpireAsync(id, null, null, ct));
            return true;
        }
        catch (StripeRefusedException)
        {
            return false;
        }
    }

    /// <summary>Stripe's own page for cards and invoices.</summary>
    public async Task<string> OpenPortalAsync(string customerId, string returnUrl, CancellationToken ct)
    {
        var session = await CallAsync(stripe.BillingPortal.Sessions.CreateAsync(
            new global::Stripe.BillingPortal.SessionCreateOptions { Customer = customerId, ReturnUrl = returnUrl }, null, ct));
        return session.Url;
    }

    /// <summary>What every page that sells one thing has in common.</summary>
    private static SessionCreateOptions Page(CheckoutRequest request) => new()
    {
        Customer = request.CustomerId,
        ClientReferenceId = request.UserId.ToString(),
        LineItems = [new() { Price = request.Price, Quantity = 1 }],
        AllowPromotionCodes = true,
        SuccessUrl = $"{request.ReturnUrl}?session_id={{CHECKOUT_SESSION_ID}}",
        CancelUrl = request.CancelUrl,
        Locale = request.Locale,
        Metadata = new() { [StripeMapping.UserKey] = request.UserId.ToString(), [StripeMapping.OperationKey] = request.OperationId.ToString() },
    };
}

/// <summary>Everything a payment page needs; the price comes from our own table.</summary>
public sealed record CheckoutRequest(
    Guid OperationId, Guid UserId, string CustomerId, string Price, string ReturnUrl, string CancelUrl, string Locale);
