namespace Aurion.Web.Account;

public abstract record PasswordChangeOutcome
{
    public sealed record Changed : PasswordChangeOutcome;

    /// <summary>Not the account's password, or not any more: it was changed since it was verified.</summary>
    public sealed record WrongPassword : PasswordChangeOutcome;

    public sealed record TooMany(TimeSpan Wait) : PasswordChangeOutcome;

    public sealed record Busy : PasswordChangeOutcome;
}
