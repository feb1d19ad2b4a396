using Aurion.Data.Billing;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Billing.Subscriptions;

/// <summary>Opens Stripe's page on which cards are changed and invoices fetched.</summary>
public sealed partial class PortalOpener(
    StripeGateway stripe, CustomerStore customers, SiteOptions site, ILogger<PortalOpener> log)
{
    public async Task<PortalResult> OpenAsync(Guid userId, CancellationToken ct)
    {
        if (await customers.FindCustomerAsync(userId, ct) is not { } customer)
            return new PortalResult.NoCustomer();
        try
        {
            return new PortalResult.Opened(await stripe.OpenPortalAsync(customer, $"{site.PublicOrigin}/billing", ct));
        }
        catch (StripeUnreachableException)
        {
            return new PortalResult.Unreachable();
        }
        catch (StripeRefusedException fault) when (fault.IsCustomerMissing)
        {
            return new PortalResult.NoCustomer();
        }
        // Without `billing setup` there is no portal: an operator's matter, not an accident of this person's.
        catch (StripeRefusedException fault)
        {
            LogRefused(fault);
            return new PortalResult.Unreachable();
        }
    }

    [LoggerMessage(LogLevel.Error, "Stripe opens no portal")]
    private partial void LogRefused(Exception fault);
}

public abstract record PortalResult
{
    public sealed record Opened(string Url) : PortalResult;

    /// <summary>Nothing was ever bought, or Stripe no longer has the customer.</summary>
    public sealed record NoCustomer : PortalResult;

    public sealed record Unreachable : PortalResult;
}
