using Aurion.Data.Ai;
using Aurion.Data.Infrastructure;

namespace Aurion.Web.Ai.Operating;

/// <summary>Hears that OpenRouter refused a call because the operator's account has no money left.</summary>
public sealed partial class ProviderAccounts(ProviderAccountStore accounts, JobQueue jobs, ILogger<ProviderAccounts> logger)
{
    /// <summary>Never throws: the call has failed anyhow, and the next one is refused, too.</summary>
    public async Task ReportEmptyAsync()
    {
        try
        {
            if (await accounts.RefuseAsync(CancellationToken.None))
                await jobs.WakeAsync<WatchProviderJob>(CancellationToken.None);
        }
        catch (Exception fault) when (DatabaseFaults.IsUnavailable(fault))
        {
            LogNotKept(fault.Message);
        }
    }

    [LoggerMessage(LogLevel.Error, "OpenRouter's account is empty, and that could not be kept: {Reason}")]
    private partial void LogNotKept(string reason);
}
