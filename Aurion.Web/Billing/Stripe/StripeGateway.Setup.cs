using System.Globalization;
using Aurion.Data.Billing;
using Stripe;

namespace Aurion.Web.Billing.Stripe;

/// <summary>
/// What the shop needs at Stripe, made once: each call finds what is there and creates only what is not. A creation has no key of its own,
/// since Stripe would answer a known key with an object that was deleted meanwhile.
/// </summary>
public sealed partial class StripeGateway
{
    private const string Currency = "usd";

    /// <summary>The product of a plan, under an id that we choose.</summary>
    public Task<string> EnsureProductAsync(Aurion.Data.Billing.Plan plan, CancellationToken ct) => EnsureProductAsync(new ProductCreateOptions
    {
        Id = $"aurion_{plan.Id}",
        Name = $"AURION {plan.Name}",
        Description = string.Create(CultureInfo.InvariantCulture, $"{plan.Credits:N0} credits a month"),
        Metadata = new() { ["aurion_plan"] = plan.Id },
    }, ct);

    private async Task<string> EnsureProductAsync(ProductCreateOptions product, CancellationToken ct)
    {
        if (await FindAsync(stripe.Products.GetAsync(product.Id, null, null, ct)) is null)
            await CallAsync(stripe.Products.CreateAsync(product, null, ct));
        return product.Id;
    }

    /// <summary>The price of a plan under a lookup key; a changed amount makes a new price, which takes the key over.</summary>
    public async Task<PlanPrice> EnsurePriceAsync(string plan, string product, string interval, int cents, CancellationToken ct)
    {
        var price = await EnsurePriceAsync(new PriceCreateOptions
        {
            Product = product,
            Currency = Currency,
            UnitAmount = cents,
            Recurring = new() { Interval = interval },
            LookupKey = $"aurion_{plan}_{interval}",
            TransferLookupKey = true,
            Nickname = $"{plan} {interval}",
        }, ct);
        return new PlanPrice(price, product, plan, interval, Currency, cents);
    }

    private async Task<string> EnsurePriceAsync(PriceCreateOptions wanted, CancellationToken ct)
    {
        var known = await CallAsync(stripe.Prices.ListAsync(new PriceListOptions { LookupKeys = [wanted.LookupKey], Active = true }, null, ct));
        var price = known.Data.FirstOrDefault(p => p.UnitAmount == wanted.UnitAmount && p.Currency == wanted.Currency
            && p.ProductId == wanted.Product && p.Recurring?.Interval == wanted.Recurring?.Interval);
        return (price ?? await CallAsync(stripe.Prices.CreateAsync(wanted, null, ct))).Id;
    }

    /// <summary>The prices of a product that somebody made by hand.</summary>
    public async Task<IReadOnlyList<PlanPrice>> ListPricesAsync(string plan, string product, CancellationToken ct)
    {
        var prices = new List<PlanPrice>();
        await foreach (var price in ListAsync(stripe.Prices.ListAutoPagingAsync(new PriceListOptions { Product = product, Active = true, Limit = 100 }, null, ct), ct))
        {
            if (price is { Recurring: { Interval: "month" or "year", IntervalCount: <= 1 } recurring, UnitAmount: > 0 })
                prices.Add(new PlanPrice(price.Id, product, plan, recurring.Interval, price.Currency ?? "", StripeMapping.Cents(price.UnitAmount)));
        }
        return prices;
    }

    /// <summary>The secret is given by Stripe once, when the endpoint is made; null when it was there.</summary>
    public async Task<string?> EnsureWebhookAsync(string url, IReadOnlyList<string> types, CancellationToken ct)
    {
        var endpoints = await ListAsync(stripe.WebhookEndpoints.ListAutoPagingAsync(new WebhookEndpointListOptions { Limit = 100 }, null, ct), ct).ToListAsync(ct);
        if (endpoints.FirstOrDefault(endpoint => endpoint.Url == url) is not { } known)
            return (await CallAsync(stripe.WebhookEndpoints.CreateAsync(
                new WebhookEndpointCreateOptions { Url = url, Description = "AURION", ApiVersion = StripeConfiguration.ApiVersion, EnabledEvents = [.. types] }, null, ct))).Secret;
        if (!known.EnabledEvents.Contains("*") && !types.ToHashSet(StringComparer.Ordinal).SetEquals(known.EnabledEvents))
            await CallAsync(stripe.WebhookEndpoints.UpdateAsync(known.Id, new WebhookEndpointUpdateOptions { EnabledEvents = [.. types] }, null, ct));
        return null;
    }

    /// <summary>The portal shows cards and invoices; plans are changed with us, where the preview is.</summary>
    public async Task EnsurePortalAsync(string returnUrl, CancellationToken ct)
    {
        var configurations = stripe.BillingPortal.Configurations;
        var known = (await CallAsync(configurations.ListAsync(new() { IsDefault = true, Limit = 1 }, null, ct))).Data.FirstOrDefault();
        if (known is null)
            await CallAsync(configurations.CreateAsync(new()
            {
                DefaultReturnUrl = returnUrl,
                BusinessProfile = new() { Headline = "AURION" },
                Features = new()
                {
                    InvoiceHistory = new() { Enabled = true },
                    PaymentMethodUpdate = new() { Enabled = true },
                    SubscriptionCancel = new() { Enabled = false },
                    SubscriptionUpdate = new() { Enabled = false },
                },
            }, null, ct));
        else if (known.DefaultReturnUrl != returnUrl || known.Features.SubscriptionUpdate.Enabled || known.Features.SubscriptionCancel.Enabled)
            await CallAsync(configurations.UpdateAsync(known.Id, new()
            {
                DefaultReturnUrl = returnUrl,
                BusinessProfile = new() { Headline = "AURION" },
                Features = new()
                {
                    InvoiceHistory = new() { Enabled = true },
                    PaymentMethodUpdate = new() { Enabled = true },
                    SubscriptionCancel = new() { Enabled = false },
                    SubscriptionUpdate = new() { Enabled = false },
                },
            }, null, ct));
    }
}
