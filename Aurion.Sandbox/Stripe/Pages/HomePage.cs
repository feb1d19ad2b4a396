using System.Globalization;
using Aurion.Sandbox.Look;
using Aurion.Sandbox.Stripe.Core;
using Dapper;

namespace Aurion.Sandbox.Stripe.Pages;

/// <summary>An event and what became of its deliveries; <paramref name="Created"/> in Unix seconds.</summary>
public sealed record StoredEvent(string Id, string Type, long Created, string? States, int? Attempts, string? Error);

/// <summary>What the stand-in holds: customers, subscriptions, events and where they stand.</summary>
internal static class HomePage
{
    public static void Map(WebApplication app, StripeStore store)
    {
        app.MapGet("/", () => ShowAsync(store));
        app.MapGet("/objects/{id}", (string id) => store.ReadAsync(async tx => await tx.FindAsync(id) is { } found
            ? Page.Show<StoredObject>(new { Found = found })
            : Results.NotFound()));
    }

    private static async Task<IResult> ShowAsync(StripeStore store) => Page.Show<Overview>(new
    {
        store.Now,
        Events = await EventsAsync(store),
        Subscriptions = await store.QueryAsync("SELECT data::text FROM objects WHERE object = 'subscription' ORDER BY created DESC, seq DESC LIMIT 25"),
        Customers = await store.QueryAsync("SELECT data::text FROM objects WHERE object = 'customer' AND data->>'deleted' IS NULL ORDER BY created DESC, seq DESC LIMIT 25"),
    });

    private static async Task<IReadOnlyList<StoredEvent>> EventsAsync(StripeStore store)
    {
        await using var connection = await store.Database.OpenConnectionAsync();
        return (await connection.QueryAsync<StoredEvent>("""
            SELECT e.id, e.data->>'type' AS type, e.created,
                   (SELECT string_agg(d.state, ', ' ORDER BY d.seq) FROM deliveries d WHERE d.event_id = e.id) AS states,
                   (SELECT max(d.attempts) FROM deliveries d WHERE d.event_id = e.id) AS attempts,
                   (SELECT max(coalesce(d.last_status::text, d.last_error)) FROM deliveries d WHERE d.event_id = e.id AND d.state <> 'delivered') AS error
              FROM (SELECT * FROM objects WHERE object = 'event' ORDER BY seq DESC LIMIT 40) e
             ORDER BY e.seq DESC
            """)).AsList();
    }

    public static string Time(long time) => DateTimeOffset.FromUnixTimeSeconds(time).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";
}
