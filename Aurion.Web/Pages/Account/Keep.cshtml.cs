using Aurion.Data.Account;
using Aurion.Web.Account;
using Aurion.Web.Account.Deletion;
using Microsoft.AspNetCore.Mvc;

namespace Aurion.Web.Pages.Account;

/// <summary>Where the mail about a deletion leads, and a sign-in to an account that is to be deleted.</summary>
public sealed class KeepModel(AccountDeletions deletions, AccountDeletionStore store) : MailedTokenModel<KeepLink>
{
    internal const string TokenKey = "KeepAccount";

    /// <summary>What can still be undone.</summary>
    public AccountDeletion? Deletion { get; private set; }

    /// <summary>It was undone, now or before.</summary>
    public bool IsKept { get; private set; }

    protected override string Key => TokenKey;

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (await FindAsync() is not { } link)
            return Ended();
        return await deletions.UndoAsync(link, ct) ? RedirectToPage() : await ShowAsync(link, ct);
    }

    protected override Task<KeepLink?> ReadAsync(string? token) => deletions.ReadAsync(token);

    protected override async Task<IActionResult> ShowAsync(KeepLink? link, CancellationToken ct)
    {
        if (link is null)
            return Ended();
        var found = await store.FindAsync(link.UserId, ct);
        IsKept = found is null;
        Deletion = found is { IsWaiting: true } && found.Id == link.Id ? found : null;
        return Deletion is null && !IsKept ? Ended() : Page();
    }
}
