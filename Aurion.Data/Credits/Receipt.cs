namespace Aurion.Data.Credits;

/// <summary>Everything that is known of one movement.</summary>
public sealed record Receipt(Movement Movement, ReceiptDetail Detail, IReadOnlyList<BucketShare> Buckets);

/// <summary>What a row of the ledger carries beyond its line in the list; the session is the one that a launch opened.</summary>
public sealed record ReceiptDetail(
    int Price, string? OperationId, string? ToolId, string? Reason, long? RefundOf, long? RefundedBy,
    DateTimeOffset? SessionUntil, DateTimeOffset? SessionEndedAt);

/// <summary>How much of a price came from one bucket: the plan's credits, or a grant by its source.</summary>
public sealed record BucketShare(string Source, int Credits);
