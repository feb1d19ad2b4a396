using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.ResponseCompression;

namespace Aurion.Web.Infrastructure.Pages;

/// <summary>Razor Pages, their two languages and their compression.</summary>
public static class PagesRegistration
{
    public static void AddPages(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        // That fallback answers GET anywhere, so a wrong method would be 404; a new asset needs a build instead.
        builder.Configuration["DisableStaticAssetNotFoundRuntimeFallback"] = "true";
        builder.AddLocalizedPages();
        builder.Services.AddAuthorization();
        // The words of a route in small letters; an id in an address keeps its own, which LowercaseUrls would change.
        builder.Services.Configure<RazorPagesOptions>(options => options.Conventions.Add(new PageRouteTransformerConvention(new LowercaseWords())));
        // Assets are compressed when they are built; this is for pages and JSON.
        builder.Services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.Providers.Add<BrotliCompressionProvider>();
            options.Providers.Add<GzipCompressionProvider>();
            options.MimeTypes = ["text/html", "application/json", "application/problem+json", "text/csv", "image/svg+xml"];
        });
    }

    public static void MapPages(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseMiddleware<VisitorPages>();
        app.MapAssets();
        app.MapRobots();
        app.MapRazorPages().WithStaticAssets();
    }

    private sealed class LowercaseWords : IOutboundParameterTransformer
    {
        public string? TransformOutbound(object? value) => value?.ToString()?.ToLowerInvariant();
    }
}
