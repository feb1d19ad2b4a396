using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aurion.Web.Infrastructure.Database;

/// <summary>What other nodes announce is heard. Without it everything works: sessions are read at each request, balances every few seconds.</summary>
public sealed class NotificationCheck(Data.Database database) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(database.LosesNotifications
        ? HealthCheckResult.Degraded("LISTEN hears nothing, so the database is polled: set ConnectionStrings__AurionDirect to a connection without a transaction pooler")
        : HealthCheckResult.Healthy("heard"));
}
