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
public sealed class CancelModel(BillingOverviewStore billing, PlanEnder ender, MailSender mail) : PageModel
{
    [BindProperty]
    public Guid OperationId { get; set; }

    public BillingOverview Billing { get; private set; } = null!;
    public BillingState State { get; private set; }
    public bool IsMailed => mail.IsPossible;
    public ChangeResult? Result { get; private set; }

    public Task OnGetAsync(CancellationToken ct) => ReadAsync(ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        Result = await ender.CancelAsync(User.Id(), OperationId, ct);
        if (Result is ChangeResult.Planned)
            return RedirectToPage();

        await ReadAsync(ct);
        Response.StatusCode = Result is ChangeResult.Unreachable ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status422UnprocessableEntity;
        return Page();
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        Billing = await billing.GetAsync(User.Id(), ct);
        State = Billing.State();
    }
}
