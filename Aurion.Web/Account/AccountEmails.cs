using System.Text.Json;
using Aurion.Web.Account.Deletion;
using Aurion.Web.Account.Passwords;
using Aurion.Web.Infrastructure;
using Aurion.Web.Infrastructure.Mail;
using Aurion.Web.Infrastructure.Settings;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Account;

/// <summary>The e-mails about an account: links that its owner asked for, and notices of what was done to it.</summary>
public sealed class AccountEmails(IStringLocalizer<AccountText> words, PasswordResetTokens links, AccountDeletions deletions, SiteOptions site) : IEmailWriter
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public Email? Write(string kind, string facts) => kind switch
    {
        "password_reset" => Reset(JsonSerializer.Deserialize<PasswordReset>(facts, Names)!),
        "password_changed" => Changed(JsonSerializer.Deserialize<Change>(facts, Names)!),
        "deletion_scheduled" => Leaving(JsonSerializer.Deserialize<Departure>(facts, Names)!),
        "deletion_undone" => Kept(),
        "deletion_done" => Gone(),
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

    private Email Leaving(Departure departure) => new()
    {
        Subject = words["Your account will be deleted on {0}", departure.DueAt.DayAndYear()],
        Paragraphs =
        [
            words["You asked us to delete your account. On {0} we erase your name, your address, your conversations and everything else that names you; credits that are left then are lost.", departure.DueAt.DayAndYear()],
            words["You are signed out everywhere, automatic top-ups are off, and a paid plan is not renewed."],
            words["If you change your mind, or if this was not you, keep the account: open the link before that day, or sign in."],
        ],
        Links = [new(words["Keep my account"], $"{site.PublicOrigin}/account/keep?token={deletions.Issue(new(departure.UserId, departure.Id))}")],
        Reason = Reason,
    };

    private Email Kept() => new()
    {
        Subject = words["Your account stays"],
        Paragraphs =
        [
            words["Your account is not deleted, and nothing in it was lost. Sign in to go on."],
            words["A plan that was cancelled stays cancelled, and automatic top-ups stay off, until you switch them on again."],
        ],
        Links = [new(words["Sign in"], $"{site.PublicOrigin}/account/sign-in")],
        Reason = Reason,
    };

    private Email Gone() => new()
    {
        Subject = words["Your account is deleted"],
        Paragraphs =
        [
            words["Your name, your address, your conversations and everything else that named you are erased, at our payment partner, too."],
            words["What was bought, paid and spent stays in our books without your name, as the law asks. This is our last e-mail to you."],
        ],
        Links = [],
        Reason = Reason,
    };

    private string Reason => words["You receive this e-mail because it concerns your account. No reply is needed."];

    private sealed record Departure(Guid UserId, Guid Id, DateTimeOffset DueAt);

    private sealed record Change(DateTimeOffset At);
}
