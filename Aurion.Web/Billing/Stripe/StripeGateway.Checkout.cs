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
        var wanted = new CustomerCreateOptions { Email = buyer.Email, Name = buyer.FullName, Metadata = new() { [StripeMapping.UserKey] = userId.ToString() } };
        // Name and address may have changed since an earlier try; a customer that is left over by one was never charged.
        var customer = await OnceAsync(
            replaced is null ? $"customer:{userId}" : $"customer:{userId}:{replaced}",
            key => stripe.Customers.CreateAsync(wanted, key, ct),
            () => FirstAsync(ListAsync(stripe.Customers.ListAutoPagingAsync(new() { Email = buyer.Email, Limit = 100 }, null, ct), ct),
                customer => customer.Id != replaced && StripeMapping.User(customer.Metadata) == userId), ct);
        return customer.Id;
    }

    /// <summary>Takes what names a person out of the customer and deletes it; nothing happens where it is gone. Each call may be made again.</summary>
    public async Task EraseCustomerAsync(string customerId, CancellationToken ct)
    {
        if (await FindAsync(stripe.Customers.GetAsync(customerId, null, null, ct)) is not { Deleted: not true })
            return;
        var nobody = new CustomerUpdateOptions { Email = "", Name = "", Phone = "", Description = "" };
        nobody.AddExtraParam("address", "");
        nobody.AddExtraParam("shipping", "");
        await CallAsync(stripe.Customers.UpdateAsync(customerId, nobody, null, ct));
        await CallAsync(stripe.Customers.DeleteAsync(customerId, null, null, ct));
    }

    /// <summary>Opens a payment page for one subscription; the same operation always opens the same page.</summary>
    public Task<StripeCheckout> OpenCheckoutAsync(CheckoutRequest request, CancellationToken ct)
    {
        var page = NewPage(request);
        page.Mode = "subscription";
        page.SubscriptionData = new() { Metadata = new() { [StripeMapping.UserKey] = request.UserId.ToString() } };
        return OpenPageAsync("checkout", request, page, ct);
    }

    private async Task<StripeCheckout> OpenPageAsync(string kind, CheckoutRequest request, SessionCreateOptions page, CancellationToken ct)
    {
        var session = await OnceAsync(
            // With the customer: somebody late who asks for one that is gone uses up no attempt of those who ask for its successor.
            $"{kind}:{request.OperationId}:{request.CustomerId}",
            key => stripe.Checkout.Sessions.CreateAsync(page, key, ct),
            () => FirstAsync(ListAsync(stripe.Checkout.Sessions.ListAutoPagingAsync(new SessionListOptions { Customer = request.CustomerId, Limit = 100 }, null, ct), ct),
                session => session.Status != "expired" && StripeMapping.Operation(session.Metadata) == request.OperationId), ct);
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
    private static SessionCreateOptions NewPage(CheckoutRequest request) => new()
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
