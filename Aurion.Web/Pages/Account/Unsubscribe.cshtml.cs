using Aurion.Web.Account.Notices;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Account;

/// <summary>
/// Where the link of an e-mail leads that may be stopped. Opening it changes nothing, because mail scanners open every link; the post is
/// that of the page's button or of the mail program itself (RFC 8058), which has no cookie: the signed token is the proof.
/// </summary>
[IgnoreAntiforgeryToken]
public sealed class UnsubscribeModel(Unsubscriptions unsubscriptions) : PageModel
{
    public enum States { Invalid, Asked, Stopped }

    [FromQuery]
    public string? Token { get; set; }

    public States State { get; private set; }

    public async Task OnGetAsync()
    {
        State = await unsubscriptions.ReadAsync(Token) is null ? States.Invalid : States.Asked;
        Response.StatusCode = State == States.Invalid ? StatusCodes.Status410Gone : StatusCodes.Status200OK;
    }

    public async Task OnPostAsync(CancellationToken ct)
    {
        State = await unsubscriptions.ReadAsync(Token) is { } userId && await unsubscriptions.StopAsync(userId, ct) ? States.Stopped : States.Invalid;
        Response.StatusCode = State == States.Invalid ? StatusCodes.Status410Gone : StatusCodes.Status200OK;
    }
}
