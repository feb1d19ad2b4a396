using Aurion.Data.Billing;
using Aurion.Web.Billing.Subscriptions;
using Aurion.Web.Infrastructure.Mail;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Billing;

/// <summary>
/// Where the mailed link leads. Opening it changes nothing, because mail scanners open every link; its token moves from the address
/// into an encrypted cookie at once, because the browser's history and every log of addresses would keep it.
/// </summary>
public sealed class CancelLinkModel(CancelLinks links, BillingOverviewStore billing, SubscriptionStore store, PlanChanges subscriptions, MailSender mail) : PageModel
{
    private const string Key = "CancelLink";

    [BindProperty]
    public bool StopTopUps { get; set; }

    /// <summary>Null when the link has expired, or did its work before and the person has taken it back since.</summary>
    public ContractView? Contract { get; private set; }

    /// <summary>Written down, and not answered by Stripe yet.</summary>
    public bool IsNoted { get; private set; }

    public async Task<IActionResult> OnGetAsync([FromQuery] string? token, CancellationToken ct)
    {
        if (await links.ReadAsync(token ?? TempData.Peek(Key) as string) is not { } link)
            return Ended();
        if (token is not null)
        {
            TempData[Key] = token;
            return RedirectToPage(new { token = (string?)null });
        }
        return await ShowAsync(link, ct);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (await links.ReadAsync(TempData.Peek(Key) as string) is not { } link)
            return Ended();
        return await subscriptions.CancelAsync(link.UserId, link.OperationId, StopTopUps, ct) is ChangeResult.NoSubscription
            ? await ShowAsync(link, ct)
            : RedirectToPage();
    }

    private async Task<IActionResult> ShowAsync(CancelLink link, CancellationToken ct)
    {
        var before = await subscriptions.FollowAsync(link.UserId, link.OperationId, ct);
        Contract = new ContractView
        {
            Billing = await billing.GetAsync(link.UserId, ct),
            End = await store.GetEndAsync(link.UserId, ct),
            OperationId = link.OperationId,
            IsMailed = mail.IsPossible,
            IsSignedIn = false,
        };
        IsNoted = before?.Result is ChangeResult.Waiting;
        return before is null || IsNoted || Contract.IsCancelled ? Page() : Ended();
    }

    private PageResult Ended()
    {
        Contract = null;
        Response.StatusCode = StatusCodes.Status410Gone;
        return Page();
    }
}
