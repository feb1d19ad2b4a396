using Aurion.Data.Ai;
using Aurion.Web.Ai.Chat;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Chat;

/// <summary>Stops an answer: its text stays, and what arrived is paid for.</summary>
[Authorize]
public sealed class StopModel(Chats chats, ConversationStore conversations) : PageModel
{
    public IActionResult OnGet() => LocalRedirect("/chat");

    public async Task<IActionResult> OnPostAsync(Guid answer, CancellationToken ct)
    {
        if (!await chats.StopAsync(User.Id(), answer, ct) || await conversations.FindConversationOfAsync(User.Id(), answer, ct) is not { } conversation)
            return NotFound();
        return Request.IsHtmx() ? new NoContentResult() : LocalRedirect($"/chat/{conversation}?at={answer}#m-{answer}");
    }
}
