using Aurion.Data.Billing;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Billing.Sync;

/// <summary>Makes the shop at Stripe: products, prices, webhook, portal. Any number of runs leaves one of each.</summary>
public sealed class StripeSetup(StripeGateway stripe, PlanStore plans, PriceStore prices, SiteOptions site)
{
    /// <summary><paramref name="products"/> names products made by hand, by plan; any other plan gets one of ours.</summary>
    public async Task<SetupReport> RunAsync(IReadOnlyDictionary<string, string> products, CancellationToken ct)
    {
        IReadOnlyList<string> lines = [.. await OfferPlansAsync(products, ct), .. await OfferPacksAsync(ct)];
        var secret = await stripe.EnsureWebhookAsync($"{site.PublicOrigin}/api/stripe-webhook", StripeEventTypes.Names, ct);
        await stripe.EnsurePortalAsync($"{site.PublicOrigin}/billing", ct);
        return new SetupReport(lines, secret);
    }

    /// <summary>Why the products cannot be taken over as they are; null when they can.</summary>
    public async Task<string?> FindMisfitAsync(IReadOnlyDictionary<string, string> products, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(products);
        var sold = (await plans.ListAsync(ct)).Where(plan => !plan.IsFree).ToDictionary(plan => plan.Id, StringComparer.Ordinal);
        foreach (var (plan, product) in products)
        {
            if (!sold.ContainsKey(plan))
                return $"No plan is called '{plan}': there are {string.Join(", ", sold.Keys)}.";
            if (product.Length == 0 || (await stripe.ListPricesAsync(plan, product, ct)).Count == 0)
                return $"The product '{product}' has no active price by the month or by the year; {plan} stays as it is.";
        }
        return null;
    }

    /// <summary>Products and prices only; one line about each price.</summary>
    public async Task<IReadOnlyList<string>> OfferPlansAsync(IReadOnlyDictionary<string, string> products, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(products);
        var lines = new List<string>();
        foreach (var plan in (await plans.ListAsync(ct)).Where(plan => !plan.IsFree))
        {
            foreach (var price in await PricesAsync(plan, products.GetValueOrDefault(plan.Id), ct))
            {
                var isNew = await prices.OfferAsync(price, ct);
                lines.Add($"{plan.Id,-11}{price.BillingInterval,-6} {new Data.Money(price.UnitAmount),9}  {price.PriceId}{(isNew ? "  new" : "")}");
            }
        }
        return lines;
    }

    /// <summary>The packs' products and prices; one line about each.</summary>
    public async Task<IReadOnlyList<string>> OfferPacksAsync(CancellationToken ct)
    {
        var lines = new List<string>();
        foreach (var pack in await prices.ListPacksAsync(ct))
        {
            var price = await stripe.EnsurePackPriceAsync(pack, ct);
            var isNew = await prices.OfferAsync(price, ct);
            lines.Add($"{pack.Id,-11}{"pack",-6} {new Data.Money(price.UnitAmount),9}  {price.PriceId}{(isNew ? "  new" : "")}");
        }
        return lines;
    }

    private async Task<IReadOnlyList<PlanPrice>> PricesAsync(Plan plan, string? product, CancellationToken ct)
    {
        if (product is not null)
            return await stripe.ListPricesAsync(plan.Id, product, ct);

        product = await stripe.EnsureProductAsync(plan, ct);
        return
        [
            await stripe.EnsurePriceAsync(plan.Id, product, "month", plan.MonthlyCents, ct),
            await stripe.EnsurePriceAsync(plan.Id, product, "year", plan.AnnualCents, ct),
        ];
    }
}

/// <summary>What the shop sells; <paramref name="WebhookSecret"/> only when the endpoint was made now.</summary>
public sealed record SetupReport(IReadOnlyList<string> Prices, string? WebhookSecret);
