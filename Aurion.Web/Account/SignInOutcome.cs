namespace Aurion.Web.Account;

public abstract record SignInOutcome
{
    public sealed record SignedIn(Guid UserId, SessionToken Token) : SignInOutcome;

    /// <summary>Wrong e-mail, wrong password, disabled: nobody is told which.</summary>
    public sealed record Refused : SignInOutcome;

    public sealed record TooMany(TimeSpan Wait) : SignInOutcome;

    /// <summary>Too many people are signing in at this moment.</summary>
    public sealed record Busy : SignInOutcome;
}
