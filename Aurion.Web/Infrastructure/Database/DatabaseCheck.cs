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
            return pending.Count == 0
                ? HealthCheckResult.Healthy("migrations are current")
                : HealthCheckResult.Unhealthy($"{pending.Count} migrations are missing; run `migrate`");
        }
        catch (Exception exception) when (DatabaseFaults.IsUnavailable(exception))
        {
            return HealthCheckResult.Unhealthy("the database does not answer");
        }
    }
}
