using Aurion.Data.Account;
using Aurion.Web.Account;
using Aurion.Web.Admin;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Admin;

/// <summary>Lets the owner of a disabled account sign in again.</summary>
[Authorize(AccountRegistration.AdminPolicy)]
public sealed partial class EnableModel(AccountStore accounts, IStringLocalizer<AdminText> words, ILogger<EnableModel> logger) : PageModel
{
    public IActionResult OnGet(Guid id) => RedirectToPage("Account", new { id });

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct)
    {
        if (!await accounts.EnableAsync(id, ct))
            return NotFound();
        LogEnabled(id, User.Id());
        TempData.Toast(words["The owner can sign in again."]);
        return RedirectToPage("Account", new { id });
    }

    [LoggerMessage(LogLevel.Information, "User {UserId} was enabled by administrator {By}")]
    private partial void LogEnabled(Guid userId, Guid by);
}
