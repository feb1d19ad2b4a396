using System.Net;
using Aurion.Web.Infrastructure.Settings;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.HttpsPolicy;
using IPNetwork = System.Net.IPNetwork;

namespace Aurion.Web.Infrastructure.Security;

/// <summary>Which hosts we answer to, whose forwarding headers we believe, and that everything else is HTTPS.</summary>
public static class TransportRegistration
{
    public static void AddTransport(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<HostFilteringOptions>().PostConfigure<SiteOptions>((options, site) =>
            // Health checks come from the machine itself.
            options.AllowedHosts = [site.PublicUrl!.Host, "localhost", "127.0.0.1", "[::1]"]);

        builder.Services.AddOptions<ForwardedHeadersOptions>().Configure<SiteOptions>((options, site) =>
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
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
        if (app.Services.GetRequiredService<SiteOptions>().TrustedProxies.Count > 0)
            app.UseForwardedHeaders();
        if (app.Environment.IsDevelopment())
            return;
        app.UseHsts();
        app.UseWhen(context => !context.Request.Path.StartsWithSegments("/health"), site => site.UseHttpsRedirection());
    }

    private static IPNetwork Parse(string proxy) => proxy.Contains('/', StringComparison.Ordinal)
        ? IPNetwork.Parse(proxy)
        : IPAddress.Parse(proxy) is var address && address.GetAddressBytes().Length == 4 ? new(address, 32) : new(address, 128);
}
