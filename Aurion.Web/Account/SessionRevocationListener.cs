using Aurion.Data.Account;

namespace Aurion.Web.Account;

/// <summary>Keeps this node's memory of tokens true to the sessions that end anywhere.</summary>
public sealed partial class SessionRevocationListener(SessionRevocations ended, TokenCache tokens, ILogger<SessionRevocationListener> logger) : BackgroundService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ended.ListenAsync(() => tokens.Hear(true), tokens.Forget, stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                tokens.Hear(false);
                LogLost(fault.Message);
                await Task.Delay(RetryAfter, stoppingToken);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Sessions are read from the database at each request until the connection is back: {Reason}")]
    private partial void LogLost(string reason);
}
