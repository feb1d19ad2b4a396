using Aurion.Data.Ai;
using Aurion.Web.Ai.Chat;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Chat;

/// <summary>Asks for another answer to the same question, beside the first.</summary>
[Authorize]
public sealed class AgainModel(Chats chats, ConversationStore conversations, ChatWords words) : PageModel
{
    public IActionResult OnGet() => LocalRedirect("/chat");

    public async Task<IActionResult> OnPostAsync(Guid answer, string? model, CancellationToken ct)
    {
        var result = await chats.AnswerAgainAsync(User.Id(), answer, model, ct);
        if (result is ChatResult.Started started)
            return LocalRedirect($"/chat/{started.ConversationId}?at={started.AnswerId}");
        if (await conversations.FindConversationOfAsync(User.Id(), answer, ct) is not { } conversation)
            return NotFound();
        TempData.Toast(words.Refusal(result), "danger");
        return LocalRedirect($"/chat/{conversation}");
    }
}
