using System.Diagnostics;
using System.Globalization;

namespace Aurion.Bench;

/// <summary>
/// 10,000 events about 500 new subscriptions, three copies of each, shuffled: every one is answered, stored once, and each
/// subscriber has exactly the plan's credits at the end.
/// </summary>
internal static class Storm
{
    private const int Subscribers = 500;
    private const int EventsOfEach = 20;
    private const int Copies = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly (string Type, string Kind)[] Types =
    [
        ("customer.subscription.created", "subscription"), ("customer.subscription.updated", "subscription"),
        ("invoice.paid", "invoice"), ("invoice.payment_succeeded", "invoice"),
    ];

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(BenchRun run)
    {
        var stamp = (uint)TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        await using var source = run.Target.Connect(4);
        var users = await BenchAccounts.CreateAsync(source, $"storm-{stamp}", Subscribers);
        using var shop = new StripeShop(run.Target);
        await shop.LoseDeliveriesAsync(true);
        try
        {
            var price = await shop.PriceAsync("aurion_starter_month");
            var deliveries = new List<byte[]>(Subscribers * EventsOfEach * Copies);
            foreach (var user in users)
            {
                var (subscription, invoice, customer) = await shop.SubscribeAsync(user, price);
                for (var i = 0; i < EventsOfEach; i++)
                {
                    var (type, kind) = Types[i % Types.Length];
                    var id = string.Create(CultureInfo.InvariantCulture, $"evt_storm{stamp}{user:N}{i}");
                    var delivery = SignedEvent.Delivery(run.Target, id, type, kind, kind == "invoice" ? invoice : subscription, customer);
                    deliveries.AddRange(Enumerable.Repeat(delivery, Copies));
                }
            }
            var shuffled = deliveries.ToArray();
            new Random(2026).Shuffle(shuffled);

            var begun = Stopwatch.GetTimestamp();
            var intake = await Load.RunAllAsync(run.Options.Connections, run.Target.Web, shuffled);
            var finished = await WaitAsync(source, stamp, users);
            return
            [
                new("storm", "30,000 deliveries answered", run.Options.Connections, intake.PerSecond, intake.Median, intake.P99, intake.Failed, null),
                new("storm", finished ? "10,000 events, all effects right" : "NOT RIGHT after 5 min", run.Options.Connections,
                    Subscribers * EventsOfEach / Stopwatch.GetElapsedTime(begun).TotalSeconds, Stopwatch.GetElapsedTime(begun).TotalMilliseconds,
                    Stopwatch.GetElapsedTime(begun).TotalMilliseconds, finished ? 0 : 1, null),
            ];
        }
        finally
        {
            await shop.LoseDeliveriesAsync(false);
        }
    }

    // One row for each event, all of them done; Starter's 1,000 credits for each subscriber, granted by exactly one movement.
    private static async Task<bool> WaitAsync(Npgsql.NpgsqlDataSource source, uint run, IReadOnlyList<Guid> users)
    {
        await using var command = source.CreateCommand("""
            SELECT (SELECT count(*) = $1 AND bool_and(state = 'done') FROM stripe_events WHERE id LIKE 'evt_storm' || $2 || '%')
               AND (SELECT count(*) = cardinality($3) FROM user_credits c JOIN user_plans p USING (user_id)
                     WHERE c.user_id = ANY ($3) AND p.plan_type = 'starter' AND c.total_credits = 1000 AND c.used_credits = 0)
               AND (SELECT count(*) = cardinality($3) FROM usage_logs WHERE user_id = ANY ($3) AND action_type = 'plan_upgraded')
            """);
        command.Parameters.Add(new() { Value = Subscribers * EventsOfEach });
        command.Parameters.Add(new() { Value = run.ToString(CultureInfo.InvariantCulture) });
        command.Parameters.Add(new() { Value = users.ToArray() });
        for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < Patience;)
        {
            if (await command.ExecuteScalarAsync() is true)
                return true;
            await Task.Delay(100);
        }
        return false;
    }
}
