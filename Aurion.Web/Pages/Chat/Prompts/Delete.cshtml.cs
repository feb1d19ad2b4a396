using Aurion.Data.Ai;
using Aurion.Web.Ai.Chat;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Chat.Prompts;

/// <summary>Deletes a prompt.</summary>
[Authorize]
public sealed class DeleteModel(SavedPromptStore store, IStringLocalizer<ChatText> words) : PageModel
{
    public IActionResult OnGet(Guid id) => LocalRedirect($"/chat/prompts/edit/{id}");

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct)
    {
        if (!await store.DeleteAsync(User.Id(), id, ct))
            return NotFound();
        TempData.Toast(words["The prompt is deleted."]);
        return LocalRedirect("/chat/prompts");
    }
}
