using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe;
using Aurion.Sandbox.Stripe.Seed;
using Dapper;
using Npgsql;

namespace Aurion.Sandbox.Seed;

/// <summary>Has Stripe live the past of those who pay, reads it back as any client would, and tells it moment by moment.</summary>
internal sealed class StripeHistory(StripeStandIn stripe, string owner)
{
    private const string UserKey = "aurion_user";

    public async Task<IReadOnlyList<StripeMoment>> LiveAsync(IReadOnlyList<DemoPerson> people, DateTimeOffset now, CancellationToken ct)
    {
        var buyers = people.Where(person => person.Subscription is not null).ToDictionary(person => person.Id.ToString());
        var prices = await PricesAsync(ct);
        await stripe.SeedAsync([.. buyers.Values.Select(person => Customer(person, person.Subscription!, prices, now))]);

        var subscriptions = await ListAsync("/v1/subscriptions?status=all&expand[]=data.default_payment_method", ct);
        var invoices = (await ListAsync("/v1/invoices?", ct)).ToLookup(invoice => (string?)invoice["parent"]?["subscription_details"]?["subscription"]);
        return [.. subscriptions
            .Where(subscription => buyers.ContainsKey((string?)subscription["metadata"]?[UserKey] ?? ""))
            .SelectMany(subscription => StripeMoments.Of(subscription, [.. invoices[(string?)subscription["id"]]]))];
    }

    private static SeedCustomer Customer(DemoPerson person, DemoSubscription bought, Dictionary<(string, string), string> prices, DateTimeOffset now)
    {
        var user = new Dictionary<string, string>(StringComparer.Ordinal) { [UserKey] = person.Id.ToString() };
        // Who stops keeps what is paid: the subscription ends with the period in which they asked.
        DateTimeOffset? ends = bought.CancelledAt is null ? null : bought.Periods(now).Last().End;
        return new SeedCustomer(person.Email, person.FullName)
        {
            Metadata = user,
            CreatedAt = bought.StartedAt,
            Subscription = new SeedSubscription(prices[(bought.Plan, bought.Interval)], bought.StartedAt)
            {
                Metadata = user,
                LastRenewalFails = bought.LastPaymentFailed,
                CanceledAt = ends <= now ? ends : null,
                CancelAtPeriodEnd = ends > now,
            },
        };
    }

    private async Task<Dictionary<(string, string), string>> PricesAsync(CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(owner);
        var rows = await connection.QueryAsync<(string Plan, string Interval, string Price)>(new CommandDefinition(
            "SELECT plan_type, billing_interval, price_id FROM stripe_prices WHERE active AND plan_type IS NOT NULL", cancellationToken: ct));
        return rows.ToDictionary(row => (row.Plan, row.Interval), row => row.Price);
    }

    private async Task<IReadOnlyList<JsonNode>> ListAsync(string path, CancellationToken ct)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", stripe.SecretKey);
        var all = new List<JsonNode>();
        for (var more = true; more;)
        {
            var after = all.Count == 0 ? "" : $"&starting_after={all[^1]["id"]}";
            var page = (await http.GetFromJsonAsync<JsonNode>(new Uri($"{stripe.Address}{path}&limit=100{after}"), ct))!;
            all.AddRange(page["data"]!.AsArray().Select(item => item!));
            more = (bool)page["has_more"]!;
        }
        return all;
    }
}
