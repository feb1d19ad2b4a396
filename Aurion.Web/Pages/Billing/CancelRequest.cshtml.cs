using System.Net;
using Aurion.Web.Account;
using Aurion.Web.Billing.Subscriptions;
using Aurion.Web.Infrastructure.Mail;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Billing;

/// <summary>Cancelling without signing in: the mailed link does it.</summary>
public sealed class CancelRequestModel(CancelLinks links, MailSender mail, IStringLocalizer<AccountText> words) : MailedLinkModel(mail, words)
{
    protected override string WithoutMail { get; } = words["This site cannot send e-mail at the moment. Sign in to cancel, or contact support."];

    protected override Task<TimeSpan?> RequestAsync(string email, IPAddress? address, CancellationToken ct) => links.RequestAsync(email, address, ct);
}
