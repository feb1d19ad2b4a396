using System.Globalization;
using Aurion.Data.Account;
using Aurion.Web.Account.Passwords;
using Aurion.Web.Account.Sessions;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Infrastructure.Mail;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Account;

/// <summary>Accounts: created by their owners, disabled and enabled by administrators.</summary>
public sealed partial class Accounts(
    AttemptStore attempts, AccountStore accounts, AccountSessions sessions, PasswordHashing passwords, TokenCache tokens, JobQueue jobs, SiteOptions site,
    SignUpOptions options, TimeProvider clock, ILogger<Accounts> logger)
{
    /// <summary>
    /// Creates the account with its first session. A taken e-mail is said plainly, because the person in front of the form needs
    /// to know; against enumeration, each network hears it a few times only, and both answers take equally long.
    /// </summary>
    public async Task<SignUpResult> CreateAsync(string email, string? fullName, string password, Caller caller, CancellationToken ct)
    {
        var taken = AttemptLimits.TakenEmail(caller.Address);
        if (await attempts.TakeAsync([AttemptLimits.SignUp(caller.Address), taken], ct) is { } wait)
            return new SignUpResult.TooMany(wait);
        if (await passwords.HashAsync(password, ct) is not { } hash)
            return new SignUpResult.Busy();

        var userId = Guid.CreateVersion7(clock.GetUtcNow());
        var language = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
        if (IsReserved(email) || await accounts.CreateAsync(userId, email, fullName, language, hash, AttemptLimits.SignUpNetwork(caller.Address), options.AccountsPerNetwork, ct) is not { } creditsWait)
            return new SignUpResult.EmailTaken();

        await attempts.GiveBackAsync([taken], ct);
        LogCreated(userId);
        await jobs.WakeAsync<SendMailsJob>(ct);
        return await sessions.OpenAsync(userId, email, hash, caller, isNewDevice: false, ct) is { } token
            ? new SignUpResult.Created(userId, token, creditsWait)
            : throw new InvalidOperationException("An account was disabled while it was being created.");
    }

    /// <summary>Ends every session of the account and refuses its sign-ins; false where no account signs in here.</summary>
    public async Task<bool> DisableAsync(Guid userId, Guid by, CancellationToken ct)
    {
        if (await accounts.DisableAsync(userId, ct) is not { } ended)
            return false;
        tokens.Remove(ended);
        LogDisabled(userId, by, ended.Count);
        return true;
    }

    /// <summary>Lets the owner sign in again; false where no account signs in here.</summary>
    public async Task<bool> EnableAsync(Guid userId, Guid by, CancellationToken ct)
    {
        if (!await accounts.EnableAsync(userId, ct))
            return false;
        LogEnabled(userId, by);
        return true;
    }

    // The form does not verify addresses, so it must not hand out an administrator's.
    private bool IsReserved(string email)
    {
        if (!site.Admins.Contains(email, StringComparer.OrdinalIgnoreCase))
            return false;
        LogReserved();
        return true;
    }

    [LoggerMessage(LogLevel.Information, "User {UserId} created an account")]
    private partial void LogCreated(Guid userId);

    [LoggerMessage(LogLevel.Information, "User {UserId} was disabled by administrator {By}; {Ended} sessions ended")]
    private partial void LogDisabled(Guid userId, Guid by, int ended);

    [LoggerMessage(LogLevel.Information, "User {UserId} was enabled by administrator {By}")]
    private partial void LogEnabled(Guid userId, Guid by);

    [LoggerMessage(LogLevel.Warning, "Sign-up refused for an address that AURION_ADMINS names: sign up first, then name it there")]
    private partial void LogReserved();
}
