namespace Aurion.Web.Account;

public abstract record SignInResult
{
    public sealed record SignedIn(Guid UserId, SessionToken Token) : SignInResult;

    /// <summary>Wrong e-mail, wrong password, disabled: nobody is told which.</summary>
    public sealed record Refused : SignInResult;

    public sealed record TooMany(TimeSpan Wait) : SignInResult;

    /// <summary>Too many people are signing in at this moment.</summary>
    public sealed record Busy : SignInResult;
}
