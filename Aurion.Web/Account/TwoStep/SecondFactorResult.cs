namespace Aurion.Web.Account.TwoStep;

public abstract record SecondFactorResult
{
    /// <param name="RecoveryCodes">Shown this once.</param>
    public sealed record Enabled(IReadOnlyList<string> RecoveryCodes) : SecondFactorResult;

    public sealed record WrongCode : SecondFactorResult;

    public sealed record WrongPassword : SecondFactorResult;

    public sealed record TooMany(TimeSpan Wait) : SecondFactorResult;

    public sealed record Busy : SecondFactorResult;
}
