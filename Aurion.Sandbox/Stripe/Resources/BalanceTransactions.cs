using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Resources;

/// <summary>What each payment, refund and dispute did to the merchant's balance, Stripe's fee included.</summary>
internal static class BalanceTransactions
{
    public static void Map(StripeApi api)
    {
        api.Retrieve("balance_transactions", "balance_transaction");
        api.List("balance_transactions", "balance_transaction", ("type", "data->>'type'"), ("source", "data->>'source'"), ("currency", "data->>'currency'"));
        api.Get("balance", async call => new JsonObject
        {
            ["object"] = "balance",
            ["available"] = Amounts(await call.Tx.AllAsync("balance_transaction"), t => t.Long("available_on") <= call.Tx.Now),
            ["livemode"] = false,
            ["pending"] = Amounts(await call.Tx.AllAsync("balance_transaction"), t => t.Long("available_on") > call.Tx.Now),
        });
    }

    private static JsonArray Amounts(IEnumerable<JsonObject> transactions, Func<JsonObject, bool> which) => new([.. transactions.Where(which)
        .GroupBy(t => t.Str("currency"))
        .Select(g => new JsonObject { ["amount"] = g.Sum(t => t.Long("net")), ["currency"] = g.Key })
        .DefaultIfEmpty(new JsonObject { ["amount"] = 0, ["currency"] = "usd" })]);

    public static JsonObject Add(StripeTransaction tx, string type, long amount, long fee, string currency, string source, string? description = null)
    {
        var transaction = new JsonObject
        {
            ["id"] = Ids.New("txn_1", 23),
            ["object"] = "balance_transaction",
            ["amount"] = amount,
            ["available_on"] = tx.Now + (2 * 86400),
            ["balance_type"] = "payments",
            ["created"] = tx.Now,
            ["currency"] = currency,
            ["description"] = description,
            ["exchange_rate"] = null,
            ["fee"] = fee,
            ["fee_details"] = fee == 0 ? [] : new JsonArray(new JsonObject { ["amount"] = fee, ["application"] = null, ["currency"] = currency, ["description"] = "Stripe processing fees", ["type"] = "stripe_fee" }),
            ["net"] = amount - fee,
            ["reporting_category"] = type is "adjustment" ? "dispute" : type is "payment" ? "charge" : type,
            ["source"] = source,
            ["status"] = "pending",
            ["type"] = type,
        };
        tx.Add(transaction);
        return transaction;
    }

    /// <summary>2.9 % + 30 cents, rounded half up.</summary>
    public static long FeeOf(long amount) => (((amount * 29) + 500) / 1000) + 30;
}
