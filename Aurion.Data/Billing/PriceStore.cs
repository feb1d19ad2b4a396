using Dapper;

namespace Aurion.Data.Billing;

/// <summary>Which price buys which plan.</summary>
public sealed class PriceStore(Database db)
{
    /// <summary>Makes a price the one that new checkouts use; earlier prices stay known, for those who pay them.</summary>
    public async Task<bool> OfferAsync(PlanPrice price, DateTimeOffset now, CancellationToken ct = default)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleAsync<bool>(new CommandDefinition("""
            SELECT offer_stripe_price(@PriceId, @ProductId, @PlanType, @BillingInterval, @Currency, @UnitAmount, @now)
            """, new { price.PriceId, price.ProductId, price.PlanType, price.BillingInterval, price.Currency, price.UnitAmount, now }, cancellationToken: ct));
    }
}
