using Aurion.Data.Infrastructure;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aurion.Web.Infrastructure.Database;

/// <summary>The database answers and has every migration of this program.</summary>
public sealed class DatabaseCheck(DatabaseStateStore state) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var pending = await state.ListPendingMigrationsAsync(cancellationToken);
            if (pending.Count > 0)
                return HealthCheckResult.Unhealthy($"{pending.Count} migrations are missing; run `migrate`");
            // Still ready: what only reads goes on, and another instance could not do more.
            return await state.IsReadOnlyAsync(cancellationToken)
                ? HealthCheckResult.Degraded("the database is read-only: pages are shown, nothing can be bought, launched or changed")
                : HealthCheckResult.Healthy("migrations are current");
        }
        catch (Exception exception) when (DatabaseFaults.IsUnavailable(exception))
        {
            return HealthCheckResult.Unhealthy("the database does not answer");
        }
    }
}
