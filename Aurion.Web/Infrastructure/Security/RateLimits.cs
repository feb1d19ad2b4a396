using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Aurion.Web.Infrastructure.Errors;
using Microsoft.AspNetCore.RateLimiting;

namespace Aurion.Web.Infrastructure.Security;

/// <summary>How often one person, or one address when nobody is signed in, may call each endpoint in any minute.</summary>
public static class RateLimits
{
    private const int AnyApiCall = 60;

    // A person who clicks fast, with htmx fragments, stays far below; a script does not.
    private const int Pages = 300;

    /// <summary>Replaces the 60 a minute of an endpoint.</summary>
    public static TBuilder LimitTo<TBuilder>(this TBuilder endpoint, int perMinute) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new PerMinute(perMinute));

    /// <summary>For what protects itself otherwise: health, signed webhooks, long streams.</summary>
    public static TBuilder LimitNothing<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new PerMinute(int.MaxValue));

    public static void AddRateLimits(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddRateLimiter(_ => { });
        builder.Services.AddSingleton(services => new MinuteLimiter(ShareOf, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddOptions<RateLimiterOptions>().Configure<MinuteLimiter>((options, limiter) =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.GlobalLimiter = limiter;
            options.OnRejected = (rejected, _) =>
            {
                if (rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait))
                    rejected.HttpContext.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
                return ValueTask.CompletedTask;
            };
        });
    }

    private static MinuteLimiter.Share ShareOf(HttpContext context)
    {
        var (bucket, permits) = Bucket(context);
        return new(bucket, Caller(context), permits);
    }

    private static (string Bucket, int Permits) Bucket(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        // The page that explains a refusal must not be refused, and nothing is counted twice.
        if (ErrorPage.IsPageOrFile(context) || context.Features.Get<AlreadyCounted>() is not null)
            return ("", int.MaxValue);

        var own = endpoint?.Metadata.GetMetadata<PerMinute>()?.Permits;
        var route = (endpoint as RouteEndpoint)?.RoutePattern.RawText;
        return ErrorPage.IsApi(context.Request.Path) ? (route ?? "/api", own ?? AnyApiCall)
            : own is { } permits ? (route ?? "", permits)
            : ("pages", Pages);
    }

    internal static string Caller(HttpContext context) =>
        context.User.FindFirst("sub")?.Value ?? Network(context.Connection.RemoteIpAddress);

    /// <summary>An IPv6 household has a /64 to itself, so its addresses count as one.</summary>
    internal static string Network(IPAddress? address)
    {
        if (address is null)
            return "unknown";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? new IPNetwork(new IPAddress([.. address.GetAddressBytes().Take(8), 0, 0, 0, 0, 0, 0, 0, 0]), 64).ToString()
            : address.ToString();
    }

    private sealed record PerMinute(int Permits);

    /// <summary>Marks a request that was counted before it reached the limiter.</summary>
    internal sealed record AlreadyCounted;
}
