using Aurion.Data.Account;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Account;

[Authorize]
public sealed class IndexModel(ProfileStore profiles, TimeProvider clock) : PageModel
{
    public AccountOverview Overview { get; private set; } = null!;

    public DateTimeOffset Now { get; } = clock.GetUtcNow();

    public async Task OnGetAsync(CancellationToken ct) => Overview = await profiles.GetOverviewAsync(User.Id(), ct);
}
