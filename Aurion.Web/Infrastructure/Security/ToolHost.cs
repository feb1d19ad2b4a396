using System.Security.Cryptography;
using Aurion.Web.Infrastructure.Pages;
using Aurion.Web.Infrastructure.Settings;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Net.Http.Headers;

namespace Aurion.Web.Infrastructure.Security;

/// <summary>
/// The tools' origin is a second host name of this process. On it are the tools' pages, what people preview and publish, and the files
/// of wwwroot; no cookie of the site is read or set there. Elsewhere none of these pages exists.
/// </summary>
public static class ToolHost
{
    public const string Folder = "/ToolHost";

    /// <summary>Marks what the tools' host serves.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class PageAttribute : Attribute;

    public static void AddToolHost(this WebApplicationBuilder builder)
    {
        // Read when pages are mapped: a verb that works on the database alone has no addresses.
        builder.Services.AddOptions<RazorPagesOptions>().Configure<SiteOptions>((options, site) =>
            options.Conventions.AddFolderRouteModelConvention(Folder, page =>
            {
                foreach (var selector in page.Selectors)
                {
                    selector.EndpointMetadata.Add(new HostAttribute(PatternOf(site)));
                    selector.EndpointMetadata.Add(new PageAttribute());
                }
            }));
    }

    /// <summary>Before anything looks at the request: what comes to the tools' host is nobody's in particular.</summary>
    public static void UseToolHost(this IApplicationBuilder app)
    {
        var site = app.ApplicationServices.GetRequiredService<SiteOptions>();
        var policy = new ContentPolicy(string.Join("; ",
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            // The one address beside its own that a tool talks to is the site, which holds its session.
            $"connect-src 'self' {site.PublicOrigin}",
            "frame-src 'self'",
            "form-action 'none'",
            "base-uri 'none'",
            "object-src 'none'",
            $"frame-ancestors {site.PublicOrigin}"));
        app.Use((context, next) =>
        {
            if (!site.IsToolsHost(context.Request.Host))
                return next(context);
            context.Request.Headers.Remove("Cookie");
            context.Request.Headers.Remove("Authorization");
            context.Features.Set(policy);
            return next(context);
        });
    }

    /// <summary>After routing: no page of the site is on the tools' host.</summary>
    public static void UseToolPagesOnly(this IApplicationBuilder app)
    {
        var site = app.ApplicationServices.GetRequiredService<SiteOptions>();
        app.Use((context, next) =>
        {
            if (site.IsToolsHost(context.Request.Host) && context.GetEndpoint() is { } endpoint)
            {
                if (HttpMethods.IsGet(context.Request.Method) && endpoint.Metadata.GetMetadata<PageActionDescriptor>() is not null && IsServed(endpoint))
                    return SendPageAsync(context, next);
                if (!IsServed(endpoint) && !context.Request.Path.StartsWithSegments("/health"))
                    context.SetEndpoint(null);
            }
            return next(context);
        });
    }

    // The page of a tool is the same for everybody: a browser that has it already gets 304.
    private static async Task SendPageAsync(HttpContext context, RequestDelegate next)
    {
        using var page = await context.BufferAsync(next);
        var response = context.Response;
        if (response.StatusCode == StatusCodes.Status200OK)
        {
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(page.GetBuffer().AsSpan(0, (int)page.Length)))}\"", isWeak: true);
            response.GetTypedHeaders().ETag = tag;
            if (context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false)))
            {
                (response.StatusCode, response.ContentLength, response.ContentType) = (StatusCodes.Status304NotModified, null, null);
                return;
            }
        }
        await page.CopyToAsync(response.Body, context.RequestAborted);
    }

    /// <summary>Maps something that is on the tools' host only.</summary>
    public static RouteHandlerBuilder OnToolHost(this RouteHandlerBuilder endpoint, SiteOptions site) =>
        endpoint.RequireHost(PatternOf(site)).WithMetadata(new PageAttribute()).DisableAntiforgery();

    private static bool IsServed(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<PageAttribute>() is not null || endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null;

    // Behind a proxy the port may be another; where both are one host, only the port tells them apart.
    private static string PatternOf(SiteOptions site) => site.ToolsShareTheHost ? site.ToolsOrigin!.Authority : site.ToolsOrigin!.Host;
}
