namespace Aurion.Web.Account;

public abstract record PasswordChangeResult
{
    public sealed record Changed : PasswordChangeResult;

    public sealed record WrongPassword : PasswordChangeResult;

    public sealed record TooMany(TimeSpan Wait) : PasswordChangeResult;

    public sealed record Busy : PasswordChangeResult;
}
