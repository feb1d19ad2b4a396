using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Account;

/// <summary>
/// Where a mailed link leads. Opening it changes nothing, because mail scanners open every link; its token moves from the address
/// into an encrypted cookie at once, because the browser's history and every log of addresses would keep it.
/// </summary>
public abstract class MailedTokenModel<TLink> : PageModel where TLink : class
{
    /// <summary>Where the token is kept between the two requests.</summary>
    protected abstract string Key { get; }

    /// <summary>Null for a token that was not issued here for this, or has expired.</summary>
    protected abstract Task<TLink?> ReadAsync(string? token);

    /// <summary>The page, for whoever holds this link; null without a valid one.</summary>
    protected abstract Task<IActionResult> ShowAsync(TLink? link, CancellationToken ct);

    public async Task<IActionResult> OnGetAsync([FromQuery] string? token, CancellationToken ct)
    {
        if (token is not null && await ReadAsync(token) is not null)
        {
            TempData[Key] = token;
            return RedirectToPage(new { token = (string?)null });
        }
        return await ShowAsync(token is null ? await FindAsync() : null, ct);
    }

    /// <summary>The link that was opened in this browser.</summary>
    protected Task<TLink?> FindAsync() => ReadAsync(TempData.Peek(Key) as string);

    protected PageResult Ended()
    {
        Response.StatusCode = StatusCodes.Status410Gone;
        return Page();
    }
}
