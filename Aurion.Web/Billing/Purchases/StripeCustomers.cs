using Aurion.Data.Billing;
using Aurion.Web.Billing.Stripe;

namespace Aurion.Web.Billing.Purchases;

/// <summary>
/// A person's customer at Stripe: made with the first page that is opened, and made anew when Stripe no longer has it, because it
/// was deleted there or the keys are of another account or mode.
/// </summary>
public sealed partial class StripeCustomers(StripeGateway stripe, CustomerStore customers, ILogger<StripeCustomers> log)
{
    /// <summary>Opens something for the customer; <paramref name="openAsync"/> is called once more when the customer is gone.</summary>
    public async Task<T> ForAsync<T>(Guid userId, Buyer buyer, Func<string, Task<T>> openAsync, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(buyer);
        ArgumentNullException.ThrowIfNull(openAsync);
        var customer = buyer.CustomerId ?? await CreateAsync(userId, buyer, null, ct);
        try
        {
            return await openAsync(customer);
        }
        catch (StripeRefusedException refusal) when (refusal.IsCustomerMissing)
        {
            LogReplaced(userId, customer);
            return await openAsync(await CreateAsync(userId, buyer, customer, ct));
        }
    }

    private async Task<string> CreateAsync(Guid userId, Buyer buyer, string? replaced, CancellationToken ct) =>
        await customers.KeepCustomerAsync(userId, await stripe.CreateCustomerAsync(userId, buyer, replaced, ct), replaced, ct);

    [LoggerMessage(LogLevel.Warning, "Stripe no longer has customer {CustomerId} of user {UserId}; a new one takes its place")]
    private partial void LogReplaced(Guid userId, string customerId);
}
