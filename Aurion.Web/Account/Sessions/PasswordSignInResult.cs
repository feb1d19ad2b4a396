using Aurion.Data.Account;

namespace Aurion.Web.Account.Sessions;

public abstract record PasswordSignInResult
{
    public sealed record SignedIn(Guid UserId, SessionToken Token) : PasswordSignInResult;

    /// <summary>Wrong e-mail, wrong password, disabled: nobody is told which.</summary>
    public sealed record Refused : PasswordSignInResult;

    /// <summary>The password is right, and the account asks for a code besides.</summary>
    public sealed record NeedsCode(string Token) : PasswordSignInResult;

    /// <summary>The right person, whose account is to be deleted: first they say whether they keep it.</summary>
    public sealed record DeletionScheduled(AccountDeletion Deletion) : PasswordSignInResult;

    public sealed record TooMany(TimeSpan Wait) : PasswordSignInResult;

    /// <summary>Too many people are signing in at this moment.</summary>
    public sealed record Busy : PasswordSignInResult;
}
