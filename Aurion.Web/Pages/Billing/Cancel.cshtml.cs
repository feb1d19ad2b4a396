using Aurion.Data.Billing;
using Aurion.Web.Account;
using Aurion.Web.Billing.Subscriptions;
using Aurion.Web.Infrastructure.Mail;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Billing;

/// <summary>Three clicks from any page: the footer, this page, the receipt. Who is signed out goes the way through the mailbox.</summary>
public sealed class CancelModel(BillingOverviewStore billing, SubscriptionStore store, PlanChanges subscriptions, MailSender mail, TimeProvider clock) : PageModel
{
    [BindProperty]
    public Guid OperationId { get; set; }

    [BindProperty]
    public bool StopTopUps { get; set; }

    public ContractView Contract { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (User.FindId() is not { } userId)
            return RedirectToPage("CancelRequest");
        await ReadAsync(userId, ct);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (User.FindId() is not { } userId)
            return RedirectToPage("CancelRequest");
        if (OperationId == Guid.Empty)
            return RedirectToPage();
        var result = await subscriptions.CancelAsync(userId, OperationId, StopTopUps, ct);
        if (result is ChangeResult.Waiting waiting)
            return RedirectToPage("Progress", new { id = waiting.IntentId });
        if (result is ChangeResult.Planned)
            return RedirectToPage();

        await ReadAsync(userId, ct);
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }

    private async Task ReadAsync(Guid userId, CancellationToken ct) => Contract = new ContractView
    {
        Billing = await billing.GetAsync(userId, ct),
        End = await store.GetEndAsync(userId, ct),
        OperationId = Guid.CreateVersion7(clock.GetUtcNow()),
        IsMailed = mail.IsPossible,
        IsSignedIn = true,
    };
}
