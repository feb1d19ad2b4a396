using Aurion.Data.Admin;
using Aurion.Web.Account;
using Aurion.Web.Admin;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Admin.Mails;

/// <summary>What was sent to whom, what failed, and why. What a mail says is not shown: it may hold a link that opens an account.</summary>
[Authorize(AccountRegistration.AdminPolicy)]
public sealed class IndexModel(SentMailStore mails) : PageModel
{
    [FromQuery]
    public string? State { get; set; }

    /// <summary>Whose mail, and which, this page begins after.</summary>
    [FromQuery]
    public Guid? Before { get; set; }

    [FromQuery]
    public string? Mail { get; set; }

    public IReadOnlyList<SentMail> Mails { get; private set; } = [];

    public IReadOnlyList<MailCount> Counts { get; private set; } = [];

    public SentMail? Older => Mails.Count == SentMailStore.Page ? Mails[^1] : null;

    public async Task OnGetAsync(CancellationToken ct) => (Mails, Counts) = await mails.ListAsync(State, Before, Mail, ct);

    public static string Name(IStringLocalizer<AdminText> words, string state) => state switch
    {
        "waiting" => words["waiting"],
        "sent" => words["sent"],
        "bounced" => words["refused by the mailbox"],
        _ => words["given up"],
    };

    public static string Tone(string state) => state switch { "sent" => "ok", "waiting" => "warn", _ => "danger" };
}
