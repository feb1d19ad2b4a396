using Aurion.Data.Account;
using Aurion.Data.Credits;
using Aurion.Web.Account;
using Aurion.Web.Account.Addresses;
using Aurion.Web.Infrastructure.Settings;
using Microsoft.AspNetCore.Mvc;

namespace Aurion.Web.Pages.Account;

/// <summary>Where the link that proves an address leads, in whichever browser; without one, how to get it.</summary>
public sealed class VerifyModel(
    AccountAddresses addresses, AddressStore store, BalanceStore balances, SandboxOptions sandbox, SiteOptions site) : MailedTokenModel<AddressProof>
{
    public enum States { Ended, Ready, Asked, Done }

    public States State { get; private set; }

    public bool CreditsWait { get; private set; }

    /// <summary>What the mail holds, beside the sandbox's mailbox.</summary>
    public string? SandboxLink { get; private set; }

    protected override string Key => "AddressProof";

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (await FindAsync() is not { } link || !await addresses.VerifyAsync(link, ct))
            return Ended();
        TempData.Remove(Key);
        State = States.Done;
        return Page();
    }

    protected override Task<AddressProof?> ReadAsync(string? token) => addresses.ReadProofAsync(token);

    protected override async Task<IActionResult> ShowAsync(AddressProof? link, CancellationToken ct)
    {
        if (link is not null)
            State = States.Ready;
        else if (Request.Query.ContainsKey("token"))
            return Ended();
        else if (User.FindId() is not { } userId)
            return LocalRedirect("/account/sign-in?returnUrl=/account/verify");
        else if (await store.IsVerifiedAsync(userId, ct) is not false)
            State = States.Done;
        else
        {
            State = States.Asked;
            CreditsWait = await balances.FindAsync(userId, ct) is { CreditsWait: true };
            SandboxLink = sandbox.MailUrl is null ? null
                : $"{site.PublicOrigin}/account/verify?token={addresses.Issue(new AddressProof(userId, AccountAddresses.Digest(User.Email())))}";
        }
        return Page();
    }
}
