using Aurion.Data.Billing;
using Aurion.Web.Account;
using Aurion.Web.Billing.Stripe;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Billing.Packs;

/// <summary>Leads to Stripe's receipt of a payment that has no invoice; its address is asked for at the moment, since it expires.</summary>
[Authorize]
public sealed class ReceiptModel(PurchaseStore purchases, StripeGateway stripe) : PageModel
{
    public async Task<IActionResult> OnGetAsync(Guid operation, CancellationToken ct) =>
        await purchases.FindPaymentAsync(User.Id(), operation, ct) is { } payment && await stripe.FindReceiptAsync(payment, ct) is { } url ? Redirect(url) : NotFound();
}
