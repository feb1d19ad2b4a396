using System.Globalization;
using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;
using Dapper;

namespace Aurion.Sandbox.Stripe.Pages;

/// <summary>What the stand-in holds: customers, subscriptions, events and where they stand.</summary>
internal static class HomePage
{
    private sealed record EventRow(string Id, string Type, long Created, string? States, int? Attempts, string? Error);

    public static void Map(WebApplication app, StripeStore store)
    {
        app.MapGet("/", () => ShowAsync(store));
        app.MapGet("/objects/{id}", (string id) => store.ReadAsync(async tx => await tx.FindAsync(id) is { } found
            ? Layout.Page(id, Html.Of($"""<nav class="top"><a href="/">Stripe</a></nav><h1>{found.Str("object")}</h1><pre tabindex="0">{Json.Public(found)!.ToJsonString(Json.Indented)}</pre>"""), wide: true)
            : Results.NotFound()));
    }

    private static async Task<IResult> ShowAsync(StripeStore store)
    {
        var customers = await store.QueryAsync("SELECT data::text FROM objects WHERE object = 'customer' AND data->>'deleted' IS NULL ORDER BY created DESC, seq DESC LIMIT 25");
        var subscriptions = await store.QueryAsync("SELECT data::text FROM objects WHERE object = 'subscription' ORDER BY created DESC, seq DESC LIMIT 25");
        return Layout.Page("Stripe sandbox", Html.Of($"""
            <h1>Stripe sandbox</h1>
            <p class="soft">It is {Time(store.Now)} here. <a href="/control">Controls</a>: advance time, deliveries, refunds, disputes.</p>
            <h2>Events</h2>{Events(await EventsAsync(store))}
            <h2>Subscriptions</h2>{Subscriptions(subscriptions)}
            <h2>Customers</h2>{Customers(customers)}
            """), wide: true);
    }

    private static async Task<IEnumerable<EventRow>> EventsAsync(StripeStore store)
    {
        await using var connection = await store.Database.OpenConnectionAsync();
        return await connection.QueryAsync<EventRow>("""
            SELECT e.id, e.data->>'type' AS type, e.created,
                   (SELECT string_agg(d.state, ', ' ORDER BY d.seq) FROM deliveries d WHERE d.event_id = e.id) AS states,
                   (SELECT max(d.attempts) FROM deliveries d WHERE d.event_id = e.id) AS attempts,
                   (SELECT max(coalesce(d.last_status::text, d.last_error)) FROM deliveries d WHERE d.event_id = e.id AND d.state <> 'delivered') AS error
              FROM (SELECT * FROM objects WHERE object = 'event' ORDER BY seq DESC LIMIT 40) e
             ORDER BY e.seq DESC
            """);
    }

    private static Html Events(IEnumerable<EventRow> events) => Table(["Type", "Event", "Time", "Delivery"], events.Select(e => Html.Of($"""
        <tr><td>{e.Type}</td><td>{Link(e.Id)}</td><td>{Time(e.Created)}</td><td>{e.States ?? "no endpoint"}{(e.Attempts > 1 ? $", {e.Attempts} tries" : "")}{(e.Error is null ? "" : $" ({e.Error})")}</td></tr>
        """)));

    private static Html Subscriptions(IEnumerable<JsonObject> all) => Table(["Subscription", "Status", "Price", "Renews or ends", "Customer"], all.Select(s =>
    {
        var item = s.Data("items").First();
        return Html.Of($"""
            <tr><td>{Link(s.Id())}</td><td>{s.Str("status")}{(s.Bool("cancel_at_period_end") ? ", ends with its period" : "")}</td>
            <td>{item.Obj("price").Str("lookup_key") ?? item.Obj("price").Str("id")}</td><td>{Time(item.Long("current_period_end"))}</td><td>{Link(s.Str("customer")!)}</td></tr>
            """);
    }));

    private static Html Customers(IEnumerable<JsonObject> all) => Table(["Customer", "E-mail", "Created", "Balance"], all.Select(c => Html.Of($"""
        <tr><td>{Link(c.Id())}</td><td>{c.Str("email")}</td><td>{Time(c.Long("created"))}</td><td>{c.Long("balance")}</td></tr>
        """)));

    private static Html Table(string[] heads, IEnumerable<Html> rows) => Html.Of($"""
        <div class="scroll" tabindex="0"><table><thead><tr>{heads.Select(h => Html.Of($"<th scope=\"col\">{h}</th>"))}</tr></thead><tbody>{rows}</tbody></table></div>
        """);

    private static Html Link(string id) => Html.Of($"""<a href="/objects/{id}"><code>{id}</code></a>""");

    public static string Time(long time) => DateTimeOffset.FromUnixTimeSeconds(time).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";
}
