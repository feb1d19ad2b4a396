using Aurion.Data.Billing;
using Aurion.Web.Account;
using Aurion.Web.Billing.Purchases;
using Htmx;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Billing;

/// <summary>Where Stripe sends the person back to, from the payment page of a plan or a pack. Waits for the credits; offers nothing meanwhile.</summary>
[Authorize]
public sealed class ReturnModel(PaymentPages payments) : PageModel
{
    internal const string WantedTool = "wanted-tool";
    private const int LongestId = 255;

    [FromQuery(Name = "session_id")]
    public string? SessionId { get; set; }

    /// <summary>How often the page has asked again; it slows down, and says so, after a while.</summary>
    [FromQuery(Name = "n")]
    public int Asked { get; set; }

    public Purchase Purchase { get; private set; } = null!;
    public string? Tool => TempData.Peek(WantedTool) is string { Length: > 0 } tool ? tool : null;
    public int NextSeconds => Asked < 20 ? 1 : 5;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (SessionId is not { Length: > 0 and <= LongestId } || await payments.FindAsync(User.Id(), SessionId, ct) is not { } purchase)
            return NotFound();

        Purchase = purchase;
        return Request.IsHtmx() ? Partial("_PaymentState", this) : Page();
    }
}
