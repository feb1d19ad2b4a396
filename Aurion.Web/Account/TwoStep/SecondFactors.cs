using System.Security.Cryptography;
using System.Text;
using Aurion.Data.Account;
using Aurion.Web.Account.Passwords;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Infrastructure.Mail;
using Microsoft.AspNetCore.DataProtection;
using OtpNet;

namespace Aurion.Web.Account.TwoStep;

/// <summary>
/// The second step of a sign-in: a code of six digits from an authenticator app (TOTP, RFC 6238), which is taken once and is good half
/// a minute early or late, or one of ten recovery codes.
/// </summary>
public sealed partial class SecondFactors(
    SecondFactorStore store, CurrentPassword currentPassword, IDataProtectionProvider protection, JobQueue jobs, TimeProvider clock, ILogger<SecondFactors> logger)
{
    private const int RecoveryCodes = 10;
    private const string Issuer = "Aurion";

    private static readonly VerificationWindow Window = new(previous: 1, future: 1);

    private readonly IDataProtector protector = protection.CreateProtector("Aurion.Account.SecondFactor");

    /// <summary>A new secret, spelled as apps take it by hand.</summary>
    public static string NewSecret() => Base32Encoding.ToString(KeyGeneration.GenerateRandomKey(20));

    /// <summary>What the QR code says to the app.</summary>
    public static string Uri(string secret, string email) => new OtpUri(OtpType.Totp, secret, email, Issuer).ToString();

    /// <summary>Switches it on for somebody who knows the password and whose app shows the right code.</summary>
    public async Task<SecondFactorResult> EnableAsync(Guid userId, string secret, string password, string code, CancellationToken ct)
    {
        if ((await currentPassword.CheckAsync(userId, password, ct)).Refusal is { } refusal)
            return new SecondFactorResult.PasswordRefused(refusal);
        if (StepOf(secret, code) is not { } step)
            return new SecondFactorResult.WrongCode();

        var codes = Enumerable.Range(0, RecoveryCodes).Select(_ => NewRecoveryCode()).ToArray();
        if (!await store.EnableAsync(userId, protector.Protect(secret), step, [.. codes.Select(Digest)], ct))
            return new SecondFactorResult.WrongCode();
        await jobs.WakeAsync<SendMailsJob>(ct);
        LogEnabled(userId);
        return new SecondFactorResult.Enabled(codes);
    }

    /// <summary>Null when it is off now, else why the password was not taken.</summary>
    public async Task<PasswordChangeResult?> DisableAsync(Guid userId, string password, CancellationToken ct)
    {
        if ((await currentPassword.CheckAsync(userId, password, ct)).Refusal is { } refusal)
            return refusal;
        await store.DisableAsync(userId, ct);
        await jobs.WakeAsync<SendMailsJob>(ct);
        LogDisabled(userId);
        return null;
    }

    /// <summary>Takes a code of either kind, once. The caller brakes.</summary>
    public async Task<bool> TakeAsync(Guid userId, string typed, CancellationToken ct)
    {
        var code = Plain(typed);
        if (await store.FindAsync(userId, ct) is not { } factor)
            return false;
        if (code.Length > 6)
            return await store.TakeRecoveryAsync(userId, Digest(code), ct);
        return StepOf(protector.Unprotect(factor.Secret), code) is { } step && await store.TakeStepAsync(userId, step, ct);
    }

    private long? StepOf(string secret, string typed) =>
        new Totp(Base32Encoding.ToBytes(secret)).VerifyTotp(clock.GetUtcNow().UtcDateTime, Plain(typed), out var step, Window) ? step : null;

    /// <summary>80 random bits in four groups: k3ma-…</summary>
    private static string NewRecoveryCode() =>
        string.Join('-', Base32Encoding.ToString(RandomNumberGenerator.GetBytes(10)).ToLowerInvariant().Chunk(4).Select(group => new string(group)));

    private static string Digest(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Plain(code))));

    // Apps show codes in groups, and people type what they see.
    private static string Plain(string typed) => string.Concat(typed.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    [LoggerMessage(LogLevel.Information, "User {UserId} switched the second step of the sign-in on")]
    private partial void LogEnabled(Guid userId);

    [LoggerMessage(LogLevel.Information, "User {UserId} switched the second step of the sign-in off")]
    private partial void LogDisabled(Guid userId);
}
