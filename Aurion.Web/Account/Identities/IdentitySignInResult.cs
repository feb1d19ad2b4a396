using Aurion.Web.Account.Sessions;

namespace Aurion.Web.Account.Identities;

public abstract record IdentitySignInResult
{
    public sealed record SignedIn(Guid UserId, string Email, SessionToken Token, bool IsNew) : IdentitySignInResult;

    /// <summary>The right person, whose account is to be deleted: there they say whether they keep it.</summary>
    public sealed record DeletionScheduled(string Address) : IdentitySignInResult;

    public sealed record Refused(IdentityProblem Problem) : IdentitySignInResult;
}

/// <summary>Why a sign-in at a provider ended without a session here. The names stand in the address of the sign-in page.</summary>
public enum IdentityProblem
{
    /// <summary>The provider does not answer, or not in a way that can be read.</summary>
    Away,

    /// <summary>The sign-in was begun in another browser or too long ago, or was given up.</summary>
    Unfinished,

    /// <summary>The provider still wants something of the person.</summary>
    Pending,

    /// <summary>The provider vouches for no address.</summary>
    Unverified,

    /// <summary>The account with this address is that of another user of the provider.</summary>
    Taken,

    /// <summary>Locked by an administrator, or deleted at the provider.</summary>
    Closed,
}
