using Aurion.Data.Billing;
using Aurion.Web.Account;
using Aurion.Web.Billing.Subscriptions;
using Htmx;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Billing;

/// <summary>How far a change, a cancellation or its taking back has come. Says what is known and no more, and asks again by itself.</summary>
[Authorize]
public sealed class ProgressModel(PlanChanges subscriptions) : PageModel
{
    public const int NextSeconds = 3;

    public PlanChangeIntent Intent { get; private set; } = null!;
    public ChangeResult Result { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct)
    {
        if (await subscriptions.FollowAsync(User.Id(), id, ct) is not { } followed)
            return NotFound();
        (Intent, Result) = followed;
        return Request.IsHtmx() ? Partial("_Progress", this) : Page();
    }
}
