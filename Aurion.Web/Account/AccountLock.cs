using Aurion.Data.Account;

namespace Aurion.Web.Account;

/// <summary>Locks people out and lets them in again; false where no account signs in here.</summary>
public sealed partial class AccountLock(AccountStore accounts, TokenCache tokens, ILogger<AccountLock> logger)
{
    /// <summary>Every session ends: on this node before the answer leaves, on the others when the database tells them.</summary>
    public async Task<bool> CloseAsync(Guid userId, Guid by, CancellationToken ct)
    {
        if (await accounts.DisableAsync(userId, ct) is not { } ended)
            return false;
        foreach (var session in ended)
            tokens.Forget(session);
        LogClosed(userId, by, ended.Count);
        return true;
    }

    public async Task<bool> OpenAsync(Guid userId, Guid by, CancellationToken ct)
    {
        if (!await accounts.EnableAsync(userId, ct))
            return false;
        LogOpened(userId, by);
        return true;
    }

    [LoggerMessage(LogLevel.Information, "User {UserId} was disabled by administrator {By}; {Ended} sessions ended")]
    private partial void LogClosed(Guid userId, Guid by, int ended);

    [LoggerMessage(LogLevel.Information, "User {UserId} was enabled by administrator {By}")]
    private partial void LogOpened(Guid userId, Guid by);
}
