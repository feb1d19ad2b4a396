using Aurion.Data.Ai;
using Aurion.Web.Ai.Chat;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Chat;

/// <summary>Deletes a conversation with all that was said in it.</summary>
[Authorize]
public sealed class DeleteModel(Chats chats, ConversationStore conversations, IStringLocalizer<ChatText> words) : PageModel
{
    public IActionResult OnGet(Guid id) => LocalRedirect($"/chat/{id}");

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct)
    {
        if (await conversations.FindAsync(User.Id(), id, ct) is not { } conversation || !await chats.DeleteAsync(User.Id(), id, ct))
            return NotFound();
        TempData.Toast(words["The conversation is deleted."]);
        return LocalRedirect(ChatTool.Of(conversation.ToolId).Home);
    }
}
