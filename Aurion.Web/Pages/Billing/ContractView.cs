using Aurion.Data.Billing;
using Aurion.Web.Billing;

namespace Aurion.Web.Pages.Billing;

/// <summary>The contract as cancelling shows it: the question with all that stays due, or the receipt.</summary>
public sealed class ContractView
{
    public required BillingOverview Billing { get; init; }

    public required EndContext End { get; init; }

    /// <summary>Makes a second press the same cancellation.</summary>
    public required Guid OperationId { get; init; }

    public required bool IsMailed { get; init; }

    /// <summary>Whoever came by a mailed link is not, and sees nothing that asks for it.</summary>
    public required bool IsSignedIn { get; init; }

    public BillingState State => Billing.State();

    /// <summary>Whatever else the state has to say first: a plan that is past due is cancelled, too.</summary>
    public bool IsCancelled => Billing.Subscription is { IsEnding: true };
}
