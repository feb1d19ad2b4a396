using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Aurion.Data.Credits;
using Aurion.Web.Infrastructure.Security;

namespace Aurion.Web.Credits.Live;

/// <summary>The balance as it moves: one stream a tab, and the same figures once for a browser whose stream does not come through.</summary>
public static class LiveEndpoints
{
    private const int StartsPerMinute = 120;

    /// <summary>Shorter than the idle time after which proxies cut a connection.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    internal static void MapLiveBalance(this WebApplication app)
    {
        // A stream that nobody is signed in for gets 401, not the sign-in page: its reader is a script.
        app.MapGet("/live", Stream).AllowAnonymous().LimitTo(StartsPerMinute);
        app.MapGet("/live/balance", BalanceAsync).AllowAnonymous().LimitTo(StartsPerMinute);
    }

    private static IResult Stream(HttpContext http, LiveFeeds live, IHostApplicationLifetime host, TimeProvider clock)
    {
        if (http.User.FindId() is not { } userId)
            return Results.Unauthorized();
        if (live.Start(userId, http.User.SessionId()) is not { } feed)
            return Results.StatusCode(StatusCodes.Status429TooManyRequests);

        http.Response.RegisterForDispose(feed);
        http.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(EventsAsync(feed, ExpiryOf(http), clock, host.ApplicationStopping));
    }

    private static async Task<IResult> BalanceAsync(HttpContext http, BalanceStore balances, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        return http.User.FindId() is { } userId && await balances.FindAsync(userId, ct) is { } balance
            ? Results.Json(Figures.Of(balance))
            : Results.Unauthorized();
    }

    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(
        LiveFeed feed, DateTimeOffset expires, TimeProvider clock, CancellationToken stopping, [EnumeratorCancellation] CancellationToken ct = default)
    {
        while (clock.GetUtcNow() < expires && await NextAsync(feed, stopping, ct) is { } next)
            yield return next;
    }

    // The next balance, a sign of life after a silence, or null at the end.
    private static async Task<SseItem<string>?> NextAsync(LiveFeed feed, CancellationToken stopping, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping, ct);
        patience.CancelAfter(Heartbeat);
        try
        {
            return await feed.Balances.WaitToReadAsync(patience.Token) && feed.Balances.TryRead(out var balance)
                ? new SseItem<string>(JsonSerializer.Serialize(Figures.Of(balance), JsonSerializerOptions.Web), "balance")
                : null;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            return new SseItem<string>("", "heartbeat");
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private static DateTimeOffset ExpiryOf(HttpContext http) =>
        long.TryParse(http.User.FindFirst("exp")?.Value, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : DateTimeOffset.MaxValue;

    private sealed record Figures(int Available, int Total, int Used, int Bonus, int Capacity, string State, string Plan)
    {
        public static Figures Of(Balance balance) => new(balance.Available, balance.Total, balance.Used, balance.Bonus, balance.Capacity, balance.State, balance.Plan);
    }
}
