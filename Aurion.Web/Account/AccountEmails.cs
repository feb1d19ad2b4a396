using System.Text.Json;
using Aurion.Web.Infrastructure;
using Aurion.Web.Infrastructure.Mail;
using Aurion.Web.Infrastructure.Settings;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Account;

/// <summary>The mails about an account: the way to a new password, and the word that one was set.</summary>
public sealed class AccountEmails(IStringLocalizer<AccountText> words, PasswordResetTokens links, SiteOptions site) : IEmailWriter
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public Email? Write(string kind, string facts) => kind switch
    {
        "password_reset" => Reset(JsonSerializer.Deserialize<PasswordReset>(facts, Names)!),
        "password_changed" => Changed(JsonSerializer.Deserialize<Change>(facts, Names)!),
        _ => null,
    };

    private Email Reset(PasswordReset reset) => new(
        words["Choose a new password"],
        [
            words["Somebody, most likely you, asked for a new password for your account. The link below leads there; it works once, and for one hour."],
            words["If it was not you, leave this mail as it is: your password stays."],
        ],
        [], [new(words["Choose a new password"], $"{site.PublicOrigin}/account/reset?token={links.Issue(reset)}")], Reason);

    private Email Changed(Change change) => new(
        words["Your password was changed"],
        [
            words["The password of your account was changed on {0} at {1} (UTC), and every other device was signed out.", change.At.DayAndYear(), change.At.Time()],
            words["If it was not you, choose another one at once: it takes the account back."],
        ],
        [], [new(words["Choose a new password"], $"{site.PublicOrigin}/account/forgotten")], Reason);

    private string Reason => words["You get this mail because it concerns your account; it needs no answer."];

    private sealed record Change(DateTimeOffset At);
}
