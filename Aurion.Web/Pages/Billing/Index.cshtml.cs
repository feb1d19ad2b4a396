using Aurion.Data.Billing;
using Aurion.Web.Account;
using Aurion.Web.Billing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Billing;

[Authorize]
public sealed class IndexModel(BillingOverviewStore billing, TopUpStore topUps) : PageModel
{
    public BillingOverview Billing { get; private set; } = null!;
    public BillingState State { get; private set; }
    public TopUpSettings? TopUp { get; private set; }

    public async Task OnGetAsync(CancellationToken ct)
    {
        Billing = await billing.GetAsync(User.Id(), ct);
        State = Billing.State();
        TopUp = await topUps.FindAsync(User.Id(), ct);
    }
}
