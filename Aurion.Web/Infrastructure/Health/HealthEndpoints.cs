using Aurion.Web.Infrastructure.Security;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aurion.Web.Infrastructure.Health;

/// <summary>/health/live says the process answers; /health/ready says it can do its work.</summary>
public static class HealthEndpoints
{
    public static void MapHealth(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapHealthChecks("/health/live", new() { Predicate = _ => false }).LimitNothing();
        app.MapHealthChecks("/health/ready", new() { ResponseWriter = WriteAsync }).LimitNothing();
    }

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        if (report.Status == HealthStatus.Unhealthy)
            context.Response.Headers.RetryAfter = "5";
        return context.Response.WriteAsJsonAsync(new
        {
            status = report.Status.ToString(),
            checks = report.Entries.ToDictionary(
                check => check.Key,
                check => new { status = check.Value.Status.ToString(), description = check.Value.Exception is null ? check.Value.Description : null }),
        });
    }
}
