using Aurion.Web.Infrastructure.Settings;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.StaticAssets;

namespace Aurion.Web.Infrastructure.Errors;

/// <summary>During a planned outage nothing is started that could be cut off; only health and the look of the page answer.</summary>
public static class Maintenance
{
    public static void UseMaintenance(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (app.Services.GetRequiredService<SiteOptions>().Maintenance != "on")
            return;

        app.Use((context, next) =>
        {
            if (IsOpen(context))
                return next(context);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "120";
            return Task.CompletedTask;
        });
    }

    /// <summary>True for what asks for nobody and nothing: health, files, and the page of an error.</summary>
    internal static bool IsOpen(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/health")
        || context.Features.Get<IStatusCodeReExecuteFeature>() is not null
        || context.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null;
}
