using Aurion.Data.Account;
using Aurion.Web.Account.Sessions;

namespace Aurion.Web.Account.Notices;

/// <summary>
/// The links that stop the e-mails about a balance, or about a week, without a sign-in. Their token does that and nothing else, and works
/// for as long as an e-mail may lie in a mailbox.
/// </summary>
public sealed partial class Unsubscriptions(NoticeStore notices, LinkTokens tokens, SiteOptions site, ILogger<Unsubscriptions> logger)
{
    private const string Purpose = "unsubscribe";
    private const string WeekPurpose = "unsubscribe-week";
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(730);

    public string LinkFor(Guid userId, bool isWeek) =>
        $"{site.PublicOrigin}/account/unsubscribe?token={tokens.Issue(isWeek ? WeekPurpose : Purpose, Lifetime, new(StringComparer.Ordinal) { ["sub"] = userId.ToString() })}";

    /// <summary>Whose e-mails the token stops, and which; null when it was not issued here.</summary>
    public async Task<Unsubscription?> ReadAsync(string? token) =>
        await ReadAsync(token, isWeek: false) ?? await ReadAsync(token, isWeek: true);

    /// <summary>False when the account is gone.</summary>
    public async Task<bool> StopAsync(Unsubscription wanted, CancellationToken ct)
    {
        if (!await notices.StopAsync(wanted.UserId, wanted.IsWeek, ct))
            return false;
        LogStopped(wanted.UserId, wanted.IsWeek ? "week" : "balance");
        return true;
    }

    private async Task<Unsubscription?> ReadAsync(string? token, bool isWeek) =>
        !string.IsNullOrEmpty(token) && await tokens.ReadAsync(isWeek ? WeekPurpose : Purpose, token) is { } read && Guid.TryParse(read.FindFirst("sub")?.Value, out var user)
            ? new(user, isWeek)
            : null;

    [LoggerMessage(LogLevel.Information, "User {UserId} stopped the e-mails about the {What}")]
    private partial void LogStopped(Guid userId, string what);
}

/// <summary>Whose e-mails are to stop: those about the week, or those about the balance.</summary>
public sealed record Unsubscription(Guid UserId, bool IsWeek);
