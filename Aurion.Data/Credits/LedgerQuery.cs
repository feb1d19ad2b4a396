namespace Aurion.Data.Credits;

/// <summary>Which movements are wanted, and from where in the ledger: older than a row, or newer than one.</summary>
public sealed record LedgerQuery(LedgerKind Kind, DateTimeOffset? Since, long? OlderThan, long? NewerThan);

public enum LedgerKind
{
    All,
    Spent,
    Refunds,
    Received,
    Adjustments,
}
