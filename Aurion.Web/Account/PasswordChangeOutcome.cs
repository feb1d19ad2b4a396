namespace Aurion.Web.Account;

public abstract record PasswordChangeOutcome
{
    public sealed record Changed : PasswordChangeOutcome;

    public sealed record WrongPassword : PasswordChangeOutcome;

    public sealed record TooMany(TimeSpan Wait) : PasswordChangeOutcome;

    public sealed record Busy : PasswordChangeOutcome;
}
