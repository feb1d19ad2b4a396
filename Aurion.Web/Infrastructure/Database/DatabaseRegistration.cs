using Aurion.Data;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Infrastructure.Database;

/// <summary>The database: every store, the `migrate` verb, and the refusal of a role that is too powerful.</summary>
public static class DatabaseRegistration
{
    public static void AddDatabase(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.Settings<DatabaseOptions>();
        builder.Services.AddAurionData(options.ConnectionString, options.DirectConnectionString);
        builder.Services.AddHostedService<RoleGuard>();
        builder.Services.AddHealthChecks().AddCheck<DatabaseCheck>("database", timeout: TimeSpan.FromSeconds(3)).AddCheck<NotificationCheck>("notifications");
    }
}
