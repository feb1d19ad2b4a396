using Aurion.Data.Billing;
using Aurion.Web.Account.Deletion;
using Aurion.Web.Billing.Stripe;

namespace Aurion.Web.Billing.Purchases;

/// <summary>
/// Stripe forgets a person: name and address are taken out of each customer, then the customer is deleted, which ends its subscriptions
/// and removes its cards. Invoices stay as they were issued, as the law asks. https://docs.stripe.com/api/customers/delete
/// </summary>
public sealed class StripeCustomerEraser(CustomerStore customers, StripeGateway stripe) : IPersonalDataHolder
{
    public async Task EraseAsync(Guid userId, CancellationToken ct)
    {
        foreach (var customer in await customers.ListCustomersAsync(userId, ct))
            await stripe.EraseCustomerAsync(customer, ct);
    }
}
