using Aurion.Data.Ai;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Chat;

/// <summary>Keeps a conversation on top of the list, or no more.</summary>
[Authorize]
public sealed class PinModel(ConversationStore conversations) : PageModel
{
    public IActionResult OnGet(Guid id) => LocalRedirect($"/chat/{id}");

    public async Task<IActionResult> OnPostAsync(Guid id, bool pinned, CancellationToken ct) =>
        await conversations.PinAsync(User.Id(), id, pinned, ct) ? LocalRedirect($"/chat/{id}") : NotFound();
}
