using Aurion.Data.Account;
using Aurion.Web.Account.Deletion;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Account;

/// <summary>
/// Where the mailed link leads, and a sign-in to an account that is to be deleted. Opening it changes nothing, because mail scanners
/// open every link; its token moves from the address into an encrypted cookie at once.
/// </summary>
public sealed class KeepModel(AccountDeletions deletions, AccountDeletionStore store) : PageModel
{
    internal const string Key = "KeepAccount";

    /// <summary>What can still be undone.</summary>
    public AccountDeletion? Deletion { get; private set; }

    /// <summary>It was undone, now or before.</summary>
    public bool IsKept { get; private set; }

    public async Task<IActionResult> OnGetAsync([FromQuery] string? token, CancellationToken ct)
    {
        if (await deletions.ReadAsync(token ?? TempData.Peek(Key) as string) is not { } link)
            return Ended();
        if (token is null)
            return await ShowAsync(link, ct);

        TempData[Key] = token;
        return RedirectToPage(new { token = (string?)null });
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (await deletions.ReadAsync(TempData.Peek(Key) as string) is not { } link)
            return Ended();
        return await deletions.UndoAsync(link, ct) ? RedirectToPage() : await ShowAsync(link, ct);
    }

    private async Task<IActionResult> ShowAsync(KeepLink link, CancellationToken ct)
    {
        var found = await store.FindAsync(link.UserId, ct);
        IsKept = found is null;
        Deletion = found is { IsWaiting: true } && found.Id == link.Id ? found : null;
        return Deletion is null && !IsKept ? Ended() : Page();
    }

    private PageResult Ended()
    {
        Response.StatusCode = StatusCodes.Status410Gone;
        return Page();
    }
}
