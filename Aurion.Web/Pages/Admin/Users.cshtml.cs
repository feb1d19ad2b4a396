using Aurion.Data.Admin;
using Aurion.Web.Account;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Admin;

/// <summary>Everybody, newest first, or whom one looks for.</summary>
[Authorize(AccountRegistration.AdminPolicy)]
public sealed class UsersModel(AccountListStore accounts) : PageModel
{
    [FromQuery(Name = "q")]
    public string? Wanted { get; set; }

    /// <summary>The account after which this page begins.</summary>
    [FromQuery]
    public Guid? Before { get; set; }

    public IReadOnlyList<ListedAccount> Accounts { get; private set; } = [];

    /// <summary>Where the next page begins; the last full page leads to an empty one.</summary>
    public Guid? Older => Accounts.Count == AccountListStore.Page ? Accounts[^1].Id : null;

    public async Task OnGetAsync(CancellationToken ct) => Accounts = await accounts.ListAsync(Wanted, Before, ct);
}
