using Aurion.Data.Billing;
using Aurion.Web.Billing.Gateway;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Billing;

/// <summary>Opens Stripe's page on which cards are changed and invoices fetched.</summary>
public sealed class PortalOpener(StripeGateway stripe, CheckoutStore checkouts, SiteOptions site, TimeProvider clock)
{
    public async Task<PortalResult> OpenAsync(Guid userId, CancellationToken ct)
    {
        if (await checkouts.FindCustomerAsync(userId, ct) is not { } customer)
            return new PortalResult.NoCustomer();
        try
        {
            return new PortalResult.Opened(await stripe.OpenPortalAsync(customer, $"{site.PublicOrigin}/billing", Guid.CreateVersion7(clock.GetUtcNow()), ct));
        }
        catch (StripeUnreachableException)
        {
            return new PortalResult.Unreachable();
        }
    }
}

public abstract record PortalResult
{
    public sealed record Opened(string Url) : PortalResult;

    /// <summary>Nothing was ever bought.</summary>
    public sealed record NoCustomer : PortalResult;

    public sealed record Unreachable : PortalResult;
}
