using Aurion.Data.Billing;
using Aurion.Web.Billing.Stripe;

namespace Aurion.Web.Billing.Subscriptions;

/// <summary>Opens Stripe's page on which cards are changed and invoices fetched.</summary>
public sealed class PortalOpener(StripeGateway stripe, CustomerStore customers, SiteOptions site)
{
    /// <summary>The page's address; null when nothing was ever bought, or Stripe no longer has the customer.</summary>
    public async Task<string?> OpenAsync(Guid userId, CancellationToken ct)
    {
        if (await customers.FindCustomerAsync(userId, ct) is not { } customer)
            return null;
        try
        {
            return await stripe.OpenPortalAsync(customer, $"{site.PublicOrigin}/billing", ct);
        }
        catch (StripeRefusedException fault) when (fault.IsCustomerMissing)
        {
            return null;
        }
    }
}
