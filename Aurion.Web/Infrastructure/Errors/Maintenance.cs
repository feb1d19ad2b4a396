using Aurion.Web.Infrastructure.Settings;

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

    /// <summary>True for health, files and the page of an error: they ask for nobody.</summary>
    internal static bool IsOpen(HttpContext context) => context.Request.Path.StartsWithSegments("/health") || ErrorPage.IsPageOrFile(context);
}
