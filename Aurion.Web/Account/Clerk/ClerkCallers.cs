using System.Globalization;
using System.Security.Claims;
using Aurion.Data.Account;
using Aurion.Web.Account.Identities;

namespace Aurion.Web.Account.Clerk;

/// <summary>
/// Who calls the API with a token of Clerk's. The account is looked up each time, so whoever is disabled or deleted here is out at once;
/// one that is not there yet is made, since the token may come before the webhook.
/// </summary>
public sealed class ClerkCallers(ClerkTokens tokens, ClerkClient clerk, IdentityStore store, IdentitySignIns identities)
{
    public bool IsClaimed(string token) => tokens.IsClaimed(token);

    /// <summary>Null when the token is not believed, or its user has no account here. Throws when that cannot be told now.</summary>
    public async Task<ClaimsPrincipal?> FindAsync(string token, CancellationToken ct)
    {
        if ((await tokens.ValidateAsync(token, ct)).Token is not { } read)
            return null;
        var account = await store.FindAsync(IdentityProviders.Clerk, read.Subject, ct)
            ?? (await clerk.FindUserAsync(read.Subject, ct) is { } user ? await identities.MakeAsync(user.Identity, ct) : null);
        if (account is not { IsStopped: false })
            return null;

        return new ClaimsPrincipal(new ClaimsIdentity(
            [
                new("sub", account.UserId.ToString()),
                new("email", account.Email),
                new("role", "authenticated"),
                new("exp", read.ExpiresAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            ],
            "Clerk", "email", "role"));
    }
}
