using Aurion.Data;
using Aurion.Data.Infrastructure;
using Aurion.Web.Infrastructure.Cli;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Infrastructure.Database;

/// <summary>Brings the database up to date and creates the application's login role.</summary>
public sealed class MigrateCommand(OwnerOptions owner, DatabaseOptions application) : ICommand
{
    public async Task<int> RunAsync(CommandLine line, CancellationToken ct)
    {
        var migrator = new Migrator(owner.ConnectionString);
        var applied = await migrator.MigrateAsync(ct);
        JobRegistration.CreateTables(owner.ConnectionString);
        await JobSchema.SecureAsync(owner.ConnectionString, ct);
        await migrator.GrantApplicationRoleAsync(application.ConnectionString, ct);
        Console.WriteLine(applied.Count == 0 ? "The database is up to date." : $"Applied {string.Join(", ", applied)}.");
        return 0;
    }
}
