namespace Aurion.Data.Billing;

/// <summary>A plan as it is sold; prices in US cents, credits a month.</summary>
public sealed record Plan(string Id, string Name, int MonthlyCents, int AnnualCents, int Credits, bool Recommended)
{
    public bool IsFree => MonthlyCents == 0;

    /// <summary>What a year costs less than twelve months.</summary>
    public int SavedCents => (12 * MonthlyCents) - AnnualCents;
}
