using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Routing;

namespace Aurion.Web.Infrastructure.Pages;

/// <summary>The files of wwwroot.</summary>
public static class Assets
{
    /// <summary>The address of a file with its fingerprint, as the framework's tag helpers would write it.</summary>
    public static string AssetUrl(this HttpContext context, string path) =>
        "/" + (context.GetEndpoint()?.Metadata.GetMetadata<ResourceAssetCollection>()?[path] ?? path);

    // What several tools share: their modules import it by the name that esbuild made of its content.
    private const string SharedModules = "js/tools/shared-";

    /// <summary>The address of a font carries its version and that of a shared module its content, so a browser keeps them; the framework sees to the others by their fingerprint.</summary>
    public static void MapAssets(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapStaticAssets().Finally(asset =>
        {
            if (asset is RouteEndpointBuilder { RequestDelegate: { } serve, RoutePattern.RawText: { } path }
                && (path.EndsWith(".woff2", StringComparison.Ordinal) || path.StartsWith(SharedModules, StringComparison.Ordinal)))
                asset.RequestDelegate = context =>
                {
                    context.Response.OnStarting(() =>
                    {
                        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
                        return Task.CompletedTask;
                    });
                    return serve(context);
                };
        });
    }
}
