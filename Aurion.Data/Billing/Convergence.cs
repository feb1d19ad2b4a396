namespace Aurion.Data.Billing;

/// <summary>What applying a snapshot did: APPLIED, UNCHANGED, or the reason why nothing was written.</summary>
public sealed record Convergence(string Outcome, string? Detail, Guid? UserId)
{
    public bool Changed => Outcome == "APPLIED";
    public bool IsDone => Outcome is "APPLIED" or "UNCHANGED";
}
