using Aurion.Data.Account;
using Aurion.Web.Account.Sessions;

namespace Aurion.Web.Account.Notices;

/// <summary>
/// The links that stop the e-mails about a balance without a sign-in. Their token does that and nothing else, and works for as long as
/// an e-mail may lie in a mailbox.
/// </summary>
public sealed partial class Unsubscriptions(NoticeStore notices, LinkTokens tokens, SiteOptions site, ILogger<Unsubscriptions> logger)
{
    private const string Purpose = "unsubscribe";
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(730);

    public string LinkFor(Guid userId) =>
        $"{site.PublicOrigin}/account/unsubscribe?token={tokens.Issue(Purpose, Lifetime, new(StringComparer.Ordinal) { ["sub"] = userId.ToString() })}";

    /// <summary>Whose e-mails the token stops; null when it was not issued here.</summary>
    public async Task<Guid?> ReadAsync(string? token) =>
        !string.IsNullOrEmpty(token) && await tokens.ReadAsync(Purpose, token) is { } read && Guid.TryParse(read.FindFirst("sub")?.Value, out var user) ? user : null;

    /// <summary>False when the account is gone.</summary>
    public async Task<bool> StopAsync(Guid userId, CancellationToken ct)
    {
        if (!await notices.StopAsync(userId, ct))
            return false;
        LogStopped(userId);
        return true;
    }

    [LoggerMessage(LogLevel.Information, "User {UserId} stopped the e-mails about the balance")]
    private partial void LogStopped(Guid userId);
}
