using Aurion.Data.Billing;
using Aurion.Web.Account;
using Aurion.Web.Billing;
using Aurion.Web.Billing.Subscriptions;
using Aurion.Web.Infrastructure.Mail;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Billing;

/// <summary>Three clicks from any page: the footer, this page, the receipt.</summary>
[Authorize]
public sealed class CancelModel(BillingOverviewStore billing, SubscriptionStore store, PlanChanges subscriptions, MailSender mail) : PageModel
{
    [BindProperty]
    public Guid OperationId { get; set; }

    [BindProperty]
    public bool StopTopUps { get; set; }

    public BillingOverview Billing { get; private set; } = null!;
    public EndContext End { get; private set; } = null!;
    public BillingState State { get; private set; }
    public bool IsMailed => mail.IsPossible;

    public Task OnGetAsync(CancellationToken ct) => ReadAsync(ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (OperationId == Guid.Empty)
            return RedirectToPage();
        var result = await subscriptions.CancelAsync(User.Id(), OperationId, StopTopUps, ct);
        if (result is ChangeResult.Waiting waiting)
            return RedirectToPage("Progress", new { id = waiting.IntentId });
        if (result is ChangeResult.Planned)
            return RedirectToPage();

        await ReadAsync(ct);
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        Billing = await billing.GetAsync(User.Id(), ct);
        End = await store.GetEndAsync(User.Id(), ct);
        State = Billing.State();
    }
}
