using Aurion.Data.Ai;
using Aurion.Web.Ai.Providers;

namespace Aurion.Web.Ai.Operating;

/// <summary>Looks at what the operator still has at OpenRouter, and tells the administrators once when it runs dry.</summary>
public sealed partial class WatchProviderJob(
    OpenRouterClient provider, OpenRouterOptions options, ProviderAccountStore accounts, SiteOptions site, ILogger<WatchProviderJob> logger) : IJob
{
    private const long Dollar = 1_000_000;

    public async Task RunAsync(CancellationToken ct)
    {
        if (options.ApiKey.Length == 0)
            return;
        var balance = await provider.ReadBalanceAsync(ct);
        if (await accounts.KeepAsync(balance.Remaining, balance.Fault, options.LeastBalance * Dollar, site.Admins, ct))
            LogDry(balance.Remaining);
    }

    [LoggerMessage(LogLevel.Error, "OpenRouter's account runs dry: {Remaining} micro-dollars left")]
    private partial void LogDry(long? remaining);
}
