using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Billing;

/// <summary>What a merchant sets in Stripe's dashboard and the API has no parameter for.</summary>
internal static class AccountSettings
{
    private const string Id = "acct_sandbox";

    public static readonly IReadOnlyDictionary<string, string> Choices = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["cancel"] = "is cancelled",
        ["unpaid"] = "is marked unpaid",
        ["past_due"] = "stays past due",
    };

    public static async Task<string> AfterLastTryAsync(StripeTransaction tx) => (await tx.FindAsync(Id)).Str("_after_last_try") ?? "cancel";

    public static async Task SetAfterLastTryAsync(StripeTransaction tx, string choice)
    {
        if (!Choices.ContainsKey(choice))
            throw new FormatException($"after_last_try is one of {string.Join(", ", Choices.Keys)}.");
        if (await tx.FindAsync(Id) is not { } account)
            tx.Add(account = new JsonObject { ["id"] = Id, ["object"] = "account", ["created"] = tx.Now });
        account["_after_last_try"] = choice;
        tx.Save(account);
    }
}
