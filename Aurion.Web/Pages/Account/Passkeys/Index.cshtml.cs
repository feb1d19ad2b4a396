using Aurion.Data.Account;
using Aurion.Web.Account;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Account.Passkeys;

[Authorize, BuiltInAccounts]
public sealed class IndexModel(PasskeyStore store, TimeProvider clock) : PageModel
{
    public IReadOnlyList<Passkey> Passkeys { get; private set; } = [];

    public DateTimeOffset Now { get; } = clock.GetUtcNow();

    public async Task OnGetAsync(CancellationToken ct) => Passkeys = await store.ListAsync(User.Id(), ct);
}
