using Dapper;

namespace Aurion.Data.Billing;

/// <summary>Packs for sale, and which price at Stripe buys which offer.</summary>
public sealed class PriceStore(Database db, TimeProvider clock)
{
    public async Task<IReadOnlyList<Pack>> ListPacksAsync(CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return (await connection.QueryAsync<Pack>(new CommandDefinition("""
            SELECT pack_id AS id, name, credits, price_cents FROM packs ORDER BY sort
            """, cancellationToken: ct))).AsList();
    }

    /// <summary>Makes a price the one at which a plan is sold; earlier prices stay known, for those who pay them. True when it is news.</summary>
    public Task<bool> OfferAsync(PlanPrice price, CancellationToken ct = default) =>
        OfferAsync(price.PriceId, price.ProductId, price.PlanType, price.BillingInterval, null, price.Currency, price.UnitAmount, ct);

    /// <summary>Makes a price the one at which a pack is sold; earlier ones stay known. True when it is news.</summary>
    public Task<bool> OfferAsync(PackPrice price, CancellationToken ct = default) =>
        OfferAsync(price.PriceId, price.ProductId, null, null, price.PackId, price.Currency, price.UnitAmount, ct);

    private async Task<bool> OfferAsync(string price, string product, string? plan, string? interval, string? pack, string currency, int cents, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<bool>(new CommandDefinition("""
            SELECT offer_price(@price, @product, @plan, @interval, @pack, @currency, @cents, @now)
            """, new { price, product, plan, interval, pack, currency, cents, now = clock.GetUtcNow() }, cancellationToken: ct));
    }
}
