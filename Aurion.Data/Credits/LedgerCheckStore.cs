using Dapper;

namespace Aurion.Data.Credits;

/// <summary>The first thing that is wrong in the books.</summary>
public sealed record LedgerFault(Guid UserId, long Seq, string Fault);

/// <summary>How many accounts and rows were checked, and what does not hold.</summary>
public sealed record LedgerCheck(int Accounts, long Rows, IReadOnlyList<LedgerFault> Faults);

/// <summary>Recomputes the whole ledger: hashes, running sums, balances and grants.</summary>
public sealed class LedgerCheckStore(Database db)
{
    /// <summary>Reads one snapshot, so that it may run while credits are spent.</summary>
    public async Task<LedgerCheck> VerifyAsync(CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        await using var results = await connection.QueryMultipleAsync(new CommandDefinition("""
            SELECT count(*)::int FROM user_credits;
            SELECT count(*) FROM usage_logs;
            SELECT user_id, seq, fault FROM ledger_faults()
            """, transaction: transaction, commandTimeout: 0, cancellationToken: ct));
        return new LedgerCheck(
            await results.ReadSingleAsync<int>(), await results.ReadSingleAsync<long>(), [.. await results.ReadAsync<LedgerFault>()]);
    }
}
