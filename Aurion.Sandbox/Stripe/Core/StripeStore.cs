using System.Text.Json.Nodes;
using Dapper;
using Npgsql;

namespace Aurion.Sandbox.Stripe.Core;

/// <summary>Reads without a lock; writes one after the other, whichever process they come from.</summary>
internal sealed class StripeStore(NpgsqlDataSource db, TimeProvider clock)
{
    public string PublicUrl { get; set; } = "";

    public NpgsqlDataSource Database => db;

    public long Now => clock.GetUtcNow().ToUnixTimeSeconds();

    public async Task<T> WriteAsync<T>(Func<StripeTransaction, Task<T>> work, string? requestId = null, string? idempotencyKey = null, long? at = null)
    {
        await using var connection = await db.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        // One writer at a time makes every balance, number and status change exact; the stand-in is not short of speed.
        await connection.ExecuteAsync("SELECT pg_advisory_xact_lock(hashtext(current_schema()))", transaction: transaction);
        await using var tx = new StripeTransaction(connection, transaction, at ?? Now, PublicUrl) { RequestId = requestId, IdempotencyKey = idempotencyKey, Clock = Now };
        try
        {
            var result = await work(tx);
            await tx.CommitAsync();
            return result;
        }
        catch (StripeError e) when (e.KeepsChanges)
        {
            await tx.CommitAsync();
            throw;
        }
    }

    /// <summary>Runs the work against the truth of this moment and leaves nothing behind.</summary>
    public async Task<T> ReadAsync<T>(Func<StripeTransaction, Task<T>> work)
    {
        await using var connection = await db.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        await using var tx = new StripeTransaction(connection, transaction, Now, PublicUrl);
        return await work(tx);
    }

    public async Task<IReadOnlyList<JsonObject>> QueryAsync(string sql, object? parameters = null)
    {
        await using var connection = await db.OpenConnectionAsync();
        return [.. (await connection.QueryAsync<string>(sql, parameters)).Select(text => (JsonObject)JsonNode.Parse(text)!)];
    }
}
