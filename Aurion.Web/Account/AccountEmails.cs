using Aurion.Web.Account.Addresses;
using Aurion.Web.Account.Deletion;
using Aurion.Web.Account.Passwords;
using Aurion.Web.Account.Sessions;
using Aurion.Web.Infrastructure;
using Aurion.Web.Infrastructure.Mail;
using Aurion.Web.Infrastructure.Settings;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Account;

/// <summary>The e-mails about an account: links that its owner asked for, and notices of what was done to it.</summary>
public sealed class AccountEmails(IStringLocalizer<AccountText> words, PasswordResetTokens links, AccountDeletions deletions, AccountAddresses addresses, SiteOptions site) : IEmailWriter
{
    private const string UserAgent = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

    private static readonly DateTimeOffset Example = new(2026, 11, 1, 8, 12, 0, TimeSpan.Zero);

    public IReadOnlyList<EmailKind> Kinds =>
    [
        EmailKind.Of("password_reset", Reset, new PasswordReset(Guid.Empty, "")),
        EmailKind.Of("password_changed", Changed, new Change(Example)),
        EmailKind.Of("verify_address", Verify, new AddressProof(Guid.Empty, "")),
        EmailKind.Of("welcome", Welcome),
        EmailKind.Of("change_address", ChangeAddress, new AddressChange(Guid.Empty, "", "")),
        EmailKind.Of("address_changed", AddressChanged, new ChangedAddress(Guid.Empty, "", "", Example)),
        EmailKind.Of("new_device", NewDevice, new SignIn(Example, UserAgent)),
        EmailKind.Of<Change>("second_factor_on", change => SecondFactor(isOn: true, change), new Change(Example)),
        EmailKind.Of<Change>("second_factor_off", change => SecondFactor(isOn: false, change), new Change(Example)),
        EmailKind.Of<PasskeyChange>("passkey_added", change => Passkey(isAdded: true, change), new PasskeyChange(Example, "MacBook")),
        EmailKind.Of<PasskeyChange>("passkey_removed", change => Passkey(isAdded: false, change), new PasskeyChange(Example, "MacBook")),
        EmailKind.Of("export_ready", ExportReady, new ReadyExport(Example.AddDays(1))),
        EmailKind.Of("deletion_scheduled", DeletionScheduled, new Departure(Guid.Empty, Guid.Empty, Example.AddDays(30))),
        EmailKind.Of("deletion_undone", Kept),
        EmailKind.Of("deletion_done", Gone),
    ];

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
            words["The password of your account was changed on {0} at {1} ({2}), and your other devices were signed out.", change.At.DayAndYear(), change.At.Time(), Zone.Name],
            words["If this was not you, choose a new password now to take your account back."],
        ],
        Links = [new(words["Choose a new password"], $"{site.PublicOrigin}/account/forgotten")],
        Reason = Reason,
    };

    private Email Verify(AddressProof proof) => new()
    {
        Subject = words["Confirm your e-mail address"],
        Paragraphs =
        [
            words["Somebody made an account at Aurion with this address. If it was you, confirm that the address is yours."],
            words["The link works for 24 hours. If it was not you, ignore this e-mail: without your confirmation we write to you about this account only."],
        ],
        Links = [new(words["Confirm my address"], $"{site.PublicOrigin}/account/verify?token={addresses.Issue(proof)}")],
        Reason = Reason,
    };

    private Email Welcome() => new()
    {
        Subject = words["Welcome to Aurion"],
        Paragraphs =
        [
            words["Your address is confirmed and your free credits are in your account. They are refilled each month."],
            words["Every tool says its price on its button, before you press it. When a tool fails, the credits come back by themselves."],
        ],
        Links = [new(words["Choose a tool"], $"{site.PublicOrigin}/tools"), new(words["See every movement"], $"{site.PublicOrigin}/credits")],
        Reason = Reason,
    };

    private Email ChangeAddress(AddressChange change) => new()
    {
        Subject = words["Confirm your new e-mail address"],
        Paragraphs =
        [
            words["The owner of an account at Aurion wants to use this address. Open the link to confirm that it is yours; it works once, within 24 hours."],
            words["If you did not ask for it, ignore this e-mail: nothing changes."],
        ],
        Links = [new(words["Use this address"], $"{site.PublicOrigin}/account/email/confirm?token={addresses.Issue(change, AccountAddresses.Lifetime)}")],
        Reason = Reason,
    };

    private Email AddressChanged(ChangedAddress change) => new()
    {
        Subject = words["The address of your account was changed"],
        Paragraphs =
        [
            words["The address of your account was changed on {0} at {1} ({2}). From now on we write to the new one.", change.At.DayAndYear(), change.At.Time(), Zone.Name],
            words["If this was not you, take the account back within seven days: the link gives it this address again and signs everybody out. Choose a new password afterwards."],
        ],
        Links =
        [
            new(words["This was not me"], $"{site.PublicOrigin}/account/email/confirm?token={addresses.Issue(new AddressChange(change.UserId, change.From, change.To), AccountAddresses.WayBack)}"),
            new(words["Choose a new password"], $"{site.PublicOrigin}/account/forgotten"),
        ],
        Reason = Reason,
    };

    private Email NewDevice(SignIn signIn) => new()
    {
        Subject = words["New sign-in to your account"],
        Paragraphs =
        [
            words["Somebody signed in to your account on {0} at {1} ({2}), with a browser that had not been used for it before.", signIn.At.DayAndYear(), signIn.At.Time(), Zone.Name],
            words["If it was you, there is nothing to do. If not, choose a new password now: that signs every device out."],
        ],
        Lines = [new(words["Device"], Device.Describe(signIn.UserAgent) ?? words["Unknown device"])],
        Links = [new(words["Choose a new password"], $"{site.PublicOrigin}/account/forgotten"), new(words["Where you are signed in"], $"{site.PublicOrigin}/account#sessions")],
        Reason = Reason,
    };

    private Email SecondFactor(bool isOn, Change change) => new()
    {
        Subject = isOn ? words["Two-step sign-in is on"] : words["Two-step sign-in is off"],
        Paragraphs =
        [
            isOn
                ? words["Since {0} at {1} ({2}) your account asks for a code of your authenticator app after the password.", change.At.DayAndYear(), change.At.Time(), Zone.Name]
                : words["Since {0} at {1} ({2}) the password alone opens your account.", change.At.DayAndYear(), change.At.Time(), Zone.Name],
            words["If this was not you, choose a new password now to take your account back."],
        ],
        Links = [new(words["Choose a new password"], $"{site.PublicOrigin}/account/forgotten")],
        Reason = Reason,
    };

    private Email Passkey(bool isAdded, PasskeyChange change) => new()
    {
        Subject = isAdded ? words["A passkey was added to your account"] : words["A passkey of your account was removed"],
        Paragraphs =
        [
            isAdded
                ? words["A passkey was added on {0} at {1} ({2}). It signs in to your account without your password.", change.At.DayAndYear(), change.At.Time(), Zone.Name]
                : words["A passkey was removed on {0} at {1} ({2}). It no longer signs in to your account.", change.At.DayAndYear(), change.At.Time(), Zone.Name],
            isAdded
                ? words["If this was not you, choose a new password now, which signs every device out, and then remove the passkey."]
                : words["If this was not you, choose a new password now to take your account back."],
        ],
        Lines = [new(words["Passkey"], change.Name)],
        Links = [new(words["Choose a new password"], $"{site.PublicOrigin}/account/forgotten"), new(words["Your passkeys"], $"{site.PublicOrigin}/account/passkeys")],
        Reason = Reason,
    };

    private Email ExportReady(ReadyExport export) => new()
    {
        Subject = words["Your data is ready to download"],
        Paragraphs =
        [
            words["The file with everything we store about you is ready. It is kept until {0} at {1} ({2}) and deleted then.", export.ExpiresAt.DayAndYear(), export.ExpiresAt.Time(), Zone.Name],
            words["The link asks you to sign in, so that nobody else gets the file. If you did not ask for it, choose a new password."],
        ],
        Links = [new(words["Download my data"], $"{site.PublicOrigin}/account/export"), new(words["Choose a new password"], $"{site.PublicOrigin}/account/forgotten")],
        Reason = Reason,
    };

    private Email DeletionScheduled(Departure departure) => new()
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

    /// <summary>The way back: from the new address to the old one.</summary>
    private sealed record ChangedAddress(Guid UserId, string From, string To, DateTimeOffset At);

    private sealed record SignIn(DateTimeOffset At, string? UserAgent);

    private sealed record Change(DateTimeOffset At);

    private sealed record ReadyExport(DateTimeOffset ExpiresAt);

    private sealed record PasskeyChange(DateTimeOffset At, string Name);
}
