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

    /// <summary>Whether the link came with a week in credits, and not with a word about the balance.</summary>
    public bool IsWeek { get; private set; }

    public async Task OnGetAsync()
    {
        var wanted = await ReadAsync();
        Show(wanted is null ? States.Invalid : States.Asked);
    }

    public async Task OnPostAsync(CancellationToken ct)
    {
        var wanted = await ReadAsync();
        Show(wanted is not null && await unsubscriptions.StopAsync(wanted, ct) ? States.Stopped : States.Invalid);
    }

    private async Task<Unsubscription?> ReadAsync()
    {
        var wanted = await unsubscriptions.ReadAsync(Token);
        IsWeek = wanted is { IsWeek: true };
        return wanted;
    }

    private void Show(States state)
    {
        State = state;
        Response.StatusCode = state == States.Invalid ? StatusCodes.Status410Gone : StatusCodes.Status200OK;
    }
}
