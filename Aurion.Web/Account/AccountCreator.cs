using System.Globalization;
using Aurion.Data.Account;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Account;

/// <summary>Opens accounts, each with its first session.</summary>
public sealed partial class AccountCreator(
    AttemptStore attempts, AccountStore accounts, SessionOpener sessions, PasswordHashing passwords, SiteOptions site, TimeProvider clock,
    ILogger<AccountCreator> logger)
{
    /// <summary>
    /// A taken e-mail is said plainly, because the person in front of the form needs to know; what keeps this from telling
    /// strangers who has an account is that each network hears it a few times only, and that both answers take equally long.
    /// </summary>
    public async Task<SignUpOutcome> CreateAsync(string email, string? fullName, string password, Caller caller, CancellationToken ct)
    {
        var taken = AttemptLimits.TakenEmail(caller.Address);
        if (await attempts.TakeAsync([AttemptLimits.SignUp(caller.Address), taken], ct) is { } wait)
            return new SignUpOutcome.TooMany(wait);
        if (await passwords.HashAsync(password, ct) is not { } hash)
            return new SignUpOutcome.Busy();

        var userId = Guid.CreateVersion7(clock.GetUtcNow());
        var language = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
        if (IsReserved(email) || !await accounts.CreateAsync(userId, email, fullName, language, hash, ct))
            return new SignUpOutcome.EmailTaken();

        await attempts.GiveBackAsync([taken], ct);
        LogCreated(userId);
        return await sessions.OpenAsync(userId, email, hash, caller, ct) is { } token
            ? new SignUpOutcome.Created(userId, token)
            : throw new InvalidOperationException("An account was disabled while it was being created.");
    }

    // Nobody proves here that an address is theirs, so the form must not hand out an administrator's.
    private bool IsReserved(string email)
    {
        if (!site.Admins.Contains(email, StringComparer.OrdinalIgnoreCase))
            return false;
        LogReserved();
        return true;
    }

    [LoggerMessage(LogLevel.Information, "User {UserId} created an account")]
    private partial void LogCreated(Guid userId);

    [LoggerMessage(LogLevel.Warning, "Sign-up refused for an address that AURION_ADMINS names: sign up first, then name it there")]
    private partial void LogReserved();
}
