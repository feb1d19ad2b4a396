using Aurion.Web.Account.Sessions;

namespace Aurion.Web.Account;

public abstract record SignUpResult
{
    public sealed record Created(Guid UserId, SessionToken Token) : SignUpResult;

    public sealed record EmailTaken : SignUpResult;

    public sealed record TooMany(TimeSpan Wait) : SignUpResult;

    public sealed record Busy : SignUpResult;
}
