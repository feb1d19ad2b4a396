using Aurion.Web.Account;
using Aurion.Web.Account.Clerk;
using Aurion.Web.Account.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Account;

public sealed class SignOutModel(AccountSessions sessions, ClerkSessions clerk) : PageModel
{
    public IActionResult OnGet() => User.FindId() is null ? LocalRedirect("/") : Page();

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (User.FindId() is { } userId && User.SessionId() is { } sessionId)
        {
            await sessions.EndAsync(userId, sessionId, ct);
            await clerk.EndAsync(sessionId, ct);
        }
        SessionCookie.Delete(Response);
        return LocalRedirect("/");
    }
}
