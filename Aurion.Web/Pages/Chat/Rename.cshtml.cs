using Aurion.Data.Ai;
using Aurion.Web.Ai.Chat;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Chat;

[Authorize]
public sealed class RenameModel(ConversationStore conversations) : PageModel
{
    public IActionResult OnGet(Guid id) => LocalRedirect($"/chat/{id}");

    public async Task<IActionResult> OnPostAsync(Guid id, string? title, CancellationToken ct)
    {
        // A title that says nothing leaves the old one.
        if (Chats.TitleOf(Prompt.Clean(title)) is { Length: > 0 } clean && !await conversations.RenameAsync(User.Id(), id, clean, ct))
            return NotFound();
        return LocalRedirect($"/chat/{id}");
    }
}
