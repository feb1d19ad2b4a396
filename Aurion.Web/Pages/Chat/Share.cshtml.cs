using System.Security.Cryptography;
using Aurion.Data.Ai;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Chat;

/// <summary>Opens a conversation to whoever has its link, or ends that; a link that was ended never opens again.</summary>
[Authorize]
public sealed class ShareModel(ConversationStore conversations) : PageModel
{
    public IActionResult OnGet(Guid id) => LocalRedirect($"/chat/{id}");

    public async Task<IActionResult> OnPostAsync(Guid id, bool open, CancellationToken ct) =>
        await conversations.ShareAsync(User.Id(), id, open ? RandomNumberGenerator.GetHexString(32, lowercase: true) : null, ct) ? LocalRedirect($"/chat/{id}") : NotFound();
}
