using Aurion.Web.Account;
using Aurion.Web.Account.Addresses;
using Aurion.Web.Account.Sessions;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Account;

/// <summary>Where the link in the new mailbox leads, and the way back in the old one.</summary>
public sealed class EmailConfirmModel(AccountAddresses addresses, IStringLocalizer<AccountText> words) : MailedTokenModel<AddressChange>
{
    /// <summary>The address that the link gives; null without a valid link.</summary>
    public string? To { get; private set; }

    public bool IsTaken { get; private set; }

    protected override string Key => "AddressChange";

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (await FindAsync() is not { } link)
            return Ended();
        switch (await addresses.ChangeAsync(link, ct))
        {
            case "changed":
                TempData.Remove(Key);
                SessionCookie.Delete(Response);
                TempData.Toast(words["Your address is {0} now. Sign in with it.", link.To]);
                return LocalRedirect("/account/sign-in");
            case "taken":
                IsTaken = true;
                return this.Refused(status: StatusCodes.Status409Conflict);
            default:
                return Ended();
        }
    }

    protected override Task<AddressChange?> ReadAsync(string? token) => addresses.ReadChangeAsync(token);

    protected override Task<IActionResult> ShowAsync(AddressChange? link, CancellationToken ct)
    {
        To = link?.To;
        return Task.FromResult<IActionResult>(link is null ? Ended() : Page());
    }
}
