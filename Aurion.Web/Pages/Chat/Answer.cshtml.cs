using Aurion.Data.Ai;
using Aurion.Web.Ai.Chat;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Chat;

/// <summary>One answer as it stands now: with script the fragment, without the branch that it belongs to.</summary>
[Authorize]
public sealed class AnswerModel(ConversationStore conversations, ChatRooms rooms) : PageModel
{
    public required ChatMessage Message { get; set; }

    /// <summary>The conversation as it is now.</summary>
    public ChatRoom? Room { get; set; }

    public async Task<IActionResult> OnGetAsync(Guid id, string? model, CancellationToken ct)
    {
        if (await conversations.FindMessageAsync(User.Id(), id, ct) is not { IsAnswer: true } message || await conversations.FindConversationOfAsync(User.Id(), id, ct) is not { } conversation)
            return NotFound();
        if (!Request.IsHtmx())
            return LocalRedirect($"/chat/{conversation}?at={id}#m-{id}");
        (Message, Room) = (message, await rooms.FindAsync(User.Id(), ChatTool.Chat, conversation, id, null, model, ct));
        return Partial("_Finished", this);
    }
}
