using Aurion.Web.Account.Sessions;

namespace Aurion.Web.Account;

public abstract record SignUpResult
{
    /// <param name="CreditsWait">Until the address is proven.</param>
    public sealed record Created(Guid UserId, SessionToken Token, bool CreditsWait) : SignUpResult;

    public sealed record EmailTaken : SignUpResult;

    public sealed record TooMany(TimeSpan Wait) : SignUpResult;

    public sealed record Busy : SignUpResult;
}
