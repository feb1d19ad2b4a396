using System.Net;
using Aurion.Web.Account;
using Aurion.Web.Account.Passwords;
using Aurion.Web.Infrastructure.Mail;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Account;

/// <summary>Open to who is signed in, too: the form that changes a password asks for the forgotten one.</summary>
[BuiltInAccounts]
public sealed class ForgottenModel(AccountPasswords passwords, MailSender mail, IStringLocalizer<AccountText> words) : MailedLinkModel(mail, words)
{
    protected override string WithoutMail { get; } = words["This site cannot send e-mail at the moment. Contact support to get a new password."];

    protected override Task<TimeSpan?> RequestAsync(string email, IPAddress? address, CancellationToken ct) => passwords.RequestResetAsync(email, address, ct);
}
