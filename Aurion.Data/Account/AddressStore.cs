using Dapper;

namespace Aurion.Data.Account;

/// <summary>The addresses of accounts: proven and changed through their mailboxes.</summary>
public sealed class AddressStore(Database db, AttemptStore attempts, TimeProvider clock)
{
    /// <summary>False when the digest is not that of the account's address.</summary>
    public async Task<bool> VerifyAsync(Guid userId, string address, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<bool>(new CommandDefinition(
            "SELECT verify_address(@userId, @address, @now)", new { userId, address, now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>Queues the mail that proves the address once more; how long to wait when it was asked too often.</summary>
    public async Task<TimeSpan?> AskProofAsync(Guid userId, AttemptLimit limit, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow();
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<DateTimeOffset?>(new CommandDefinition(
            "SELECT ask_address_proof(@userId, ARRAY[@Subject], ARRAY[@Burst], ARRAY[@Interval], @now)",
            new { userId, limit.Subject, limit.Burst, limit.Interval, now }, cancellationToken: ct)) - now;
    }

    /// <summary>Queues the mail to the new address; how long to wait when it was asked too often.</summary>
    public async Task<TimeSpan?> AskChangeAsync(Guid userId, string email, IReadOnlyCollection<AttemptLimit> limits, CancellationToken ct = default)
    {
        if (await attempts.TakeAsync(limits, ct) is { } wait)
            return wait;
        await using var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            "SELECT ask_address_change(@userId, @email, @now)", new { userId, email, now = clock.GetUtcNow() }, cancellationToken: ct));
        return null;
    }

    /// <summary>'changed' with the sessions that ended, 'taken' or 'ended'.</summary>
    public async Task<(string Outcome, IReadOnlyList<Guid> Ended)> ChangeAsync(Guid userId, string from, string email, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        var (outcome, ended) = await connection.QuerySingleAsync<(string, Guid[]?)>(new CommandDefinition(
            "SELECT outcome, ended FROM change_address(@userId, @from, @email, @now)", new { userId, from, email, now = clock.GetUtcNow() }, cancellationToken: ct));
        return (outcome, ended ?? []);
    }

    /// <summary>Whether the account's address is proven; null for who signs in elsewhere.</summary>
    public async Task<bool?> IsVerifiedAsync(Guid userId, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<bool?>(new CommandDefinition(
            "SELECT verified_at IS NOT NULL FROM account_credentials WHERE user_id = @userId", new { userId }, cancellationToken: ct));
    }
}
