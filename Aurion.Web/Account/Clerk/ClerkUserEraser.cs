using Aurion.Data.Account;
using Aurion.Web.Account.Deletion;
using Aurion.Web.Account.Identities;

namespace Aurion.Web.Account.Clerk;

/// <summary>Clerk forgets a person whose account is erased here.</summary>
public sealed class ClerkUserEraser(ClerkOptions options, ClerkClient clerk, IdentityStore identities) : IPersonalDataHolder
{
    public async Task EraseAsync(Guid userId, CancellationToken ct)
    {
        if (!options.IsOn)
            return;
        foreach (var subject in await identities.ListSubjectsAsync(userId, IdentityProviders.Clerk, ct))
            await clerk.DeleteUserAsync(subject, ct);
    }
}
