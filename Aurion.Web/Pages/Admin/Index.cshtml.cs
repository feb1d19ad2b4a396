using Aurion.Web.Account;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Admin;

/// <summary>/admin leads to the accounts.</summary>
[Authorize(AccountRegistration.AdminPolicy)]
public sealed class IndexModel : PageModel
{
    public IActionResult OnGet() => RedirectToPage("Users");
}
