namespace Aurion.Web.Account;

public abstract record SignUpOutcome
{
    public sealed record Created(Guid UserId, SessionToken Token) : SignUpOutcome;

    public sealed record EmailTaken : SignUpOutcome;

    public sealed record TooMany(TimeSpan Wait) : SignUpOutcome;

    public sealed record Busy : SignUpOutcome;
}
