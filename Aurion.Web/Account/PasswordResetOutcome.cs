namespace Aurion.Web.Account;

public abstract record PasswordResetOutcome
{
    public sealed record Changed : PasswordResetOutcome;

    /// <summary>The password was changed since the link was sent, perhaps with this very link.</summary>
    public sealed record Ended : PasswordResetOutcome;

    public sealed record Busy : PasswordResetOutcome;
}
