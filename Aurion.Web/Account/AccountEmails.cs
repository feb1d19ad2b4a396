using System.Text.Json;
using Aurion.Web.Account.Passwords;
using Aurion.Web.Infrastructure;
using Aurion.Web.Infrastructure.Mail;
using Aurion.Web.Infrastructure.Settings;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Account;

/// <summary>The e-mails about an account: the password reset link, and the notice that the password was changed.</summary>
public sealed class AccountEmails(IStringLocalizer<AccountText> words, PasswordResetTokens links, SiteOptions site) : IEmailWriter
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public Email? Write(string kind, string facts) => kind switch
    {
        "password_reset" => Reset(JsonSerializer.Deserialize<PasswordReset>(facts, Names)!),
        "password_changed" => Changed(JsonSerializer.Deserialize<Change>(facts, Names)!),
        _ => null,
    };

    private Email Reset(PasswordReset reset) => new()
    {
        Subject = words["Choose a new password"],
        Paragraphs =
        [
            words["We received a request to reset the password of your account. The link below works once, within one hour."],
            words["If you did not ask for it, ignore this e-mail: your password stays the same."],
        ],
        Links = [new(words["Choose a new password"], $"{site.PublicOrigin}/account/reset?token={links.Issue(reset)}")],
        Reason = Reason,
    };

    private Email Changed(Change change) => new()
    {
        Subject = words["Your password was changed"],
        Paragraphs =
        [
            words["The password of your account was changed on {0} at {1} (UTC), and your other devices were signed out.", change.At.DayAndYear(), change.At.Time()],
            words["If this was not you, choose a new password now to take your account back."],
        ],
        Links = [new(words["Choose a new password"], $"{site.PublicOrigin}/account/forgotten")],
        Reason = Reason,
    };

    private string Reason => words["You receive this e-mail because it concerns your account. No reply is needed."];

    private sealed record Change(DateTimeOffset At);
}
