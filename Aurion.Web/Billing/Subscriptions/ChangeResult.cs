namespace Aurion.Web.Billing.Subscriptions;

/// <summary>What a change of plan would do; confirming it carries these figures back, and they are a promise.</summary>
/// <param name="Carried">Of the credits then, what is left of the old plan; it stays until <paramref name="CarriedUntil"/>.</param>
/// <param name="Replaces">The plan that was to follow when the paid time ends, and no longer will.</param>
/// <param name="UndoesEnding">The plan was to end, and will go on.</param>
public sealed record ChangePreview(
    string Plan, string PlanName, string Interval, bool IsNow, DateTimeOffset At, DateTimeOffset EffectiveAt,
    int DueCents, int NextCents, int CreditsBefore, int CreditsAfter, int CreditsMonthly, int Carried, DateTimeOffset CarriedUntil, string? Replaces, bool UndoesEnding)
{
    /// <summary>Whether what was promised is still what would happen.</summary>
    public bool Promises(int dueCents, int creditsAfter) => DueCents == dueCents && CreditsAfter == creditsAfter;
}

/// <summary>A confirmed preview: the wish, the figures that were shown, and the operation that makes a second press the same wish.</summary>
public sealed record PlanChange(string Plan, string Interval, DateTimeOffset At, int DueCents, int CreditsAfter, Guid OperationId);

/// <summary>What became of the wish to change, cancel or resume.</summary>
public abstract record ChangeResult
{
    /// <summary>Not done yet: this is what would happen.</summary>
    public sealed record Previewed(ChangePreview Preview) : ChangeResult;

    /// <summary>Done and paid.</summary>
    public sealed record Changed(string PlanName) : ChangeResult;

    /// <summary>It will happen when the paid time ends.</summary>
    public sealed record Planned(string PlanName, DateTimeOffset At) : ChangeResult;

    /// <summary>The wish is written down and Stripe has not answered yet; what is charged is not known when <paramref name="MayBeCharged"/>.</summary>
    public sealed record Waiting(Guid IntentId, bool MayBeCharged) : ChangeResult;

    /// <summary>It did not happen and will not; nothing was charged.</summary>
    public sealed record Failed(string PlanName) : ChangeResult;

    /// <summary>The figures shown no longer hold; these do.</summary>
    public sealed record FiguresMoved(ChangePreview Preview) : ChangeResult;

    /// <summary>The bank wants the person to confirm.</summary>
    public sealed record FinishPayment(string Url) : ChangeResult;

    /// <summary>The card was refused; nothing changed.</summary>
    public sealed record Declined : ChangeResult;

    /// <summary>First the failed payment, then changes.</summary>
    public sealed record PaymentDue : ChangeResult;

    /// <summary>First the bank decides on the payment that is contested, then changes.</summary>
    public sealed record Disputed : ChangeResult;

    /// <summary>Nothing to change: a plan is bought, not changed.</summary>
    public sealed record NoSubscription : ChangeResult;

    /// <summary>It is that plan already.</summary>
    public sealed record Same : ChangeResult;

    public sealed record UnknownPlan : ChangeResult;
}
