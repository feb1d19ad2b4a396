using Aurion.Data.Account;

namespace Aurion.Web.Account.Sessions;

/// <summary>Removes the tokens of sessions that were revoked on any node from this node's cache.</summary>
public sealed partial class SessionRevocationListener(SessionRevocations revocations, TokenCache tokens, ILogger<SessionRevocationListener> logger) : BackgroundService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await revocations.ListenAsync(() => tokens.Enable(true), sessionId => tokens.Remove([sessionId]), stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                tokens.Enable(false);
                LogLost(fault.Message);
                await Task.Delay(RetryAfter, stoppingToken);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Sessions are read from the database at each request until the connection is back: {Reason}")]
    private partial void LogLost(string reason);
}
