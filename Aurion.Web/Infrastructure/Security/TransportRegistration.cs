using System.Net;
using Aurion.Web.Infrastructure.Settings;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.HttpsPolicy;
using Microsoft.Extensions.Primitives;
using IPNetwork = System.Net.IPNetwork;

namespace Aurion.Web.Infrastructure.Security;

/// <summary>Which hosts we answer to, whose forwarding headers we believe, and that everything else is HTTPS.</summary>
public static class TransportRegistration
{
    public static void AddTransport(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        // The framework's filter stands before everything and knows no exception; ours is in UseTransport.
        builder.Services.AddOptions<HostFilteringOptions>().PostConfigure(options => options.AllowedHosts = ["*"]);

        builder.Services.AddOptions<ForwardedHeadersOptions>().Configure<SiteOptions>((options, site) =>
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            // As many proxies as are named may stand in a row (a CDN before a load balancer); the first that is not named is the client.
            options.ForwardLimit = null;
            // The framework trusts loopback unless told otherwise; we trust who is named.
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var proxy in site.TrustedProxies)
                options.KnownIPNetworks.Add(Parse(proxy));
        });

        builder.Services.AddHsts(options => (options.MaxAge, options.IncludeSubDomains) = (TimeSpan.FromDays(365), true));
        builder.Services.AddOptions<HttpsRedirectionOptions>().Configure<SiteOptions>((options, site) => options.HttpsPort = site.PublicUrl!.Port);
    }

    public static void UseTransport(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var site = app.Services.GetRequiredService<SiteOptions>();
        if (site.TrustedProxies.Count > 0)
            app.UseForwardedHeaders();
        app.UseHosts([site.PublicUrl!.Host, site.ToolsOrigin!.Host, "localhost", "127.0.0.1", "[::1]"]);
        if (app.Environment.IsDevelopment())
            return;
        app.UseHsts();
        app.UseWhen(context => !IsHealth(context), pages => pages.UseHttpsRedirection());
    }

    // Load balancers and Kubernetes ask for health by the machine's own address.
    private static void UseHosts(this WebApplication app, StringSegment[] hosts) => app.Use((context, next) =>
    {
        if (IsHealth(context) || context.Request.Host.Value is null or "" || HostString.MatchesAny(context.Request.Host.Host, hosts))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return context.Response.WriteAsync("This server does not answer for that host.");
    });

    private static bool IsHealth(HttpContext context) => context.Request.Path.StartsWithSegments("/health");

    private static IPNetwork Parse(string proxy) => proxy.Contains('/', StringComparison.Ordinal)
        ? IPNetwork.Parse(proxy)
        : IPAddress.Parse(proxy) is var address && address.GetAddressBytes().Length == 4 ? new(address, 32) : new(address, 128);
}
