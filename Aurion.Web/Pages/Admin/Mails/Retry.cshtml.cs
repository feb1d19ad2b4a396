using Aurion.Data.Admin;
using Aurion.Web.Account;
using Aurion.Web.Admin;
using Aurion.Web.Infrastructure.Mail;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Admin.Mails;

/// <summary>Sends a mail again that was given up.</summary>
[Authorize(AccountRegistration.AdminPolicy)]
public sealed partial class RetryModel(SentMailStore mails, JobQueue jobs, IStringLocalizer<AdminText> words, ILogger<RetryModel> logger) : PageModel
{
    public IActionResult OnGet() => RedirectToPage("Index");

    public async Task<IActionResult> OnPostAsync([FromForm] Guid userId, [FromForm] string? sourceRef, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(sourceRef) || !await mails.RetryAsync(userId, sourceRef, ct))
            return NotFound();
        await jobs.WakeAsync<SendMailsJob>(ct);
        LogRetried(User.Id(), userId);
        TempData.Toast(words["The e-mail is being sent again."]);
        return RedirectToPage("Index");
    }

    [LoggerMessage(LogLevel.Information, "Administrator {By} sends a mail of user {UserId} again")]
    private partial void LogRetried(Guid by, Guid userId);
}
