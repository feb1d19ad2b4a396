using Aurion.Data.Billing;
using Aurion.Web.Account;
using Aurion.Web.Billing.Purchases;
using Aurion.Web.Infrastructure.Htmx;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Billing.Packs;

/// <summary>Where Stripe sends the person back to. Waits for the credits.</summary>
[Authorize]
public sealed class ReturnModel(PackSeller seller) : PageModel
{
    private const int LongestId = 255;

    [FromQuery(Name = "session_id")]
    public string? SessionId { get; set; }

    /// <summary>How often the page has asked again; it slows down, and says so, after a while.</summary>
    [FromQuery(Name = "n")]
    public int Asked { get; set; }

    public PackPurchase Purchase { get; private set; } = null!;
    public bool IsUnpaid => Purchase is { Status: "complete", PaymentStatus: "unpaid" };
    public bool IsWaiting => Purchase is { Granted: false, Status: "open" or "complete" } && !IsUnpaid;
    public int NextSeconds => Asked < 20 ? 1 : 5;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (SessionId is not { Length: > 0 and <= LongestId } || await seller.FindAsync(User.Id(), SessionId, ct) is not { } purchase)
            return NotFound();

        Purchase = purchase;
        return Request.IsHtmx() ? Partial("_Arrival", this) : Page();
    }
}
