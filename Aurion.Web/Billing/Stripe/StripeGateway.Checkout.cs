using Aurion.Data.Billing;

namespace Aurion.Web.Billing.Stripe;

/// <summary>Customers and the payment page.</summary>
public sealed partial class StripeGateway
{
    /// <summary>One customer for each user, however often this is asked; another when Stripe no longer has <paramref name="replaced"/>.</summary>
    public async Task<string> CreateCustomerAsync(Guid userId, Buyer buyer, string? replaced, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(buyer);
        var key = replaced is null ? $"customer:{userId}" : $"customer:{userId}:{replaced}";
        var json = await stripe.SendAsync(StripeCall.Post("/v1/customers", key, new StripeForm
        {
            ["email"] = buyer.Email,
            ["name"] = buyer.FullName,
            [$"metadata[{StripeReading.UserKey}]"] = userId.ToString(),
        }), ct);
        return json.Required("id");
    }

    /// <summary>Opens a payment page for one subscription; in one language the same operation always opens the same page.</summary>
    public async Task<StripeCheckout> OpenCheckoutAsync(CheckoutRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        var user = request.UserId.ToString();
        // Language and customer are part of the key: the same key with other words would be refused.
        return StripeReading.Checkout(await stripe.SendAsync(StripeCall.Post("/v1/checkout/sessions", $"checkout:{request.OperationId}:{request.Locale}:{request.CustomerId}", new StripeForm
        {
            ["mode"] = "subscription",
            ["customer"] = request.CustomerId,
            ["client_reference_id"] = user,
            ["line_items[0][price]"] = request.Price,
            ["line_items[0][quantity]"] = "1",
            ["allow_promotion_codes"] = "true",
            ["success_url"] = $"{request.ReturnUrl}?session_id={{CHECKOUT_SESSION_ID}}",
            ["cancel_url"] = request.CancelUrl,
            ["locale"] = request.Locale,
            [$"metadata[{StripeReading.UserKey}]"] = user,
            [$"subscription_data[metadata][{StripeReading.UserKey}]"] = user,
        }), ct));
    }

    /// <summary>Closes a payment page; false when it can no longer be closed, because it was paid or has expired.</summary>
    public async Task<bool> ExpireCheckoutAsync(string id, CancellationToken ct)
    {
        try
        {
            await stripe.SendAsync(StripeCall.Post($"/v1/checkout/sessions/{Uri.EscapeDataString(id)}/expire", $"expire:{id}"), ct);
            return true;
        }
        catch (StripeRefusedException)
        {
            return false;
        }
    }

    /// <summary>Stripe's own page for cards and invoices.</summary>
    public async Task<string> OpenPortalAsync(string customerId, string returnUrl, Guid operationId, CancellationToken ct)
    {
        var json = await stripe.SendAsync(StripeCall.Post("/v1/billing_portal/sessions", $"portal:{operationId}", new StripeForm
        {
            ["customer"] = customerId,
            ["return_url"] = returnUrl,
        }), ct);
        return json.Required("url");
    }
}

/// <summary>Everything a payment page needs; the price comes from our own table.</summary>
public sealed record CheckoutRequest(
    Guid OperationId, Guid UserId, string CustomerId, string Price, string ReturnUrl, string CancelUrl, string Locale);
