using Aurion.Web.Account.Passwords;

namespace Aurion.Web.Account.TwoStep;

public abstract record SecondFactorResult
{
    /// <param name="RecoveryCodes">Shown this once.</param>
    public sealed record Enabled(IReadOnlyList<string> RecoveryCodes) : SecondFactorResult;

    public sealed record WrongCode : SecondFactorResult;

    public sealed record PasswordRefused(PasswordChangeResult Refusal) : SecondFactorResult;
}
