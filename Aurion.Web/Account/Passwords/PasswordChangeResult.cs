namespace Aurion.Web.Account.Passwords;

public abstract record PasswordChangeResult
{
    public sealed record Changed : PasswordChangeResult;

    /// <summary>Not the account's password, or not any more: it was changed since it was verified.</summary>
    public sealed record WrongPassword : PasswordChangeResult;

    public sealed record TooMany(TimeSpan Wait) : PasswordChangeResult;

    public sealed record Busy : PasswordChangeResult;
}
