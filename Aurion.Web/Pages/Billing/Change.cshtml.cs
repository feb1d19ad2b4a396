using System.ComponentModel.DataAnnotations;
using Aurion.Data.Billing;
using Aurion.Web.Account;
using Aurion.Web.Billing;
using Aurion.Web.Billing.Subscriptions;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Billing;

/// <summary>Shows what a change of plan does, in money and credits, and does it when confirmed.</summary>
[Authorize]
public sealed class ChangeModel(PlanChanges subscriptions, BillingOverviewStore billing, IStringLocalizer<BillingText> words, TimeProvider clock) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public InputModel Input { get; set; } = new();

    public ChangeResult Result { get; private set; } = null!;
    public Guid OperationId { get; } = Guid.CreateVersion7(clock.GetUtcNow());

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return Redirect("/pricing");
        Result = await subscriptions.PreviewAsync(User.Id(), Input.Plan, Input.Interval, ct);
        return await ShowAsync(ct);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid || Input.OperationId == Guid.Empty)
            return Redirect("/pricing");
        var at = DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(Input.At, 0, DateTimeOffset.MaxValue.ToUnixTimeSeconds()));
        Result = await subscriptions.ChangeAsync(User.Id(), new PlanChange(Input.Plan, Input.Interval, at, Input.Due, Input.Credits, Input.OperationId), ct);
        return await ShowAsync(ct);
    }

    private async Task<IActionResult> ShowAsync(CancellationToken ct)
    {
        switch (Result)
        {
            // The billing page says what a subscription needs that is neither bought anew nor changed.
            case ChangeResult.NoSubscription when await billing.GetAsync(User.Id(), ct) is { Subscription.Status: "trialing" or "unpaid" or "paused" }:
                return RedirectToPage("Index");
            case ChangeResult.NoSubscription:
                return RedirectToPage("Checkout", new { Input.Plan, Input.Interval });
            case ChangeResult.UnknownPlan:
                return Redirect("/pricing");
            case ChangeResult.Waiting waiting:
                return RedirectToPage("Progress", new { id = waiting.IntentId });
            case ChangeResult.FinishPayment finish:
                return Redirect(finish.Url);
            case ChangeResult.Changed changed:
                TempData.Toast(words["You are on {0} now.", changed.PlanName]);
                return RedirectToPage("Index");
            case ChangeResult.Planned planned:
                TempData.Toast(words["You change to {0} when the paid time ends.", planned.PlanName]);
                return RedirectToPage("Index");
            case ChangeResult.Same:
                return RedirectToPage("Index");
            default:
                Response.StatusCode = Result is ChangeResult.Previewed ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity;
                return Page();
        }
    }

    public sealed class InputModel
    {
        [Required, StringLength(40)]
        public string Plan { get; set; } = "";

        [AllowedValues("month", "year")]
        public string Interval { get; set; } = "month";

        public long At { get; set; }
        public int Due { get; set; }
        public int Credits { get; set; }
        public Guid OperationId { get; set; }
    }
}
