namespace Aurion.Web.Billing.Sync;

/// <summary>How a look at Stripe ended.</summary>
public abstract record ConvergeResult
{
    /// <summary>The account agrees with Stripe, whether or not it had to change, as far as the objects that were read say; a remark is for the operator.</summary>
    public sealed record Done(Guid UserId, bool Changed, IReadOnlyList<string> ObjectIds, string? Remark = null) : ConvergeResult;

    /// <summary>Not for us.</summary>
    public sealed record Ignored(string Reason) : ConvergeResult;

    /// <summary>Something is still missing and may come.</summary>
    public sealed record Later(string Outcome, string Reason) : ConvergeResult;

    /// <summary>An operator must decide; nothing was written.</summary>
    public sealed record Parked(string Outcome, string? Detail, Guid? UserId) : ConvergeResult;
}
