using Aurion.Data.Infrastructure;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Infrastructure.Database;

/// <summary>Stops the start when the database role could pass row-level security; while the database is away it keeps asking.</summary>
public sealed partial class RoleGuard(DatabaseStateStore state, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<RoleGuard> logger)
    : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!await TryCheckAsync(cancellationToken))
            await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(2), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await TryCheckAsync(stoppingToken))
                    return;
            }
            catch (SettingsException refused)
            {
                LogRefused(refused.Message);
                Environment.ExitCode = 1;
                lifetime.StopApplication();
                return;
            }
        }
    }

    /// <summary>False while the database does not answer.</summary>
    private async Task<bool> TryCheckAsync(CancellationToken ct)
    {
        try
        {
            return await state.FindRoleFaultAsync(ct) is not { } fault
                ? true
                : throw new SettingsException($"ConnectionStrings__Aurion is refused: {fault}. Use a role that owns nothing; `migrate` creates it.");
        }
        catch (Exception exception) when (DatabaseFaults.IsUnavailable(exception))
        {
            LogAway(exception.GetType().Name);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The database does not answer ({Fault}); requests get 503 until it does")]
    private partial void LogAway(string fault);

    [LoggerMessage(LogLevel.Critical, "{Reason}")]
    private partial void LogRefused(string reason);
}
