using Aurion.Data.Ai;
using Aurion.Web.Ai.Chat;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Chat;

/// <summary>What the machine is told before each message of a conversation.</summary>
[Authorize]
public sealed class InstructionsModel(ConversationStore conversations) : PageModel
{
    private const int Longest = 4000;

    public IActionResult OnGet(Guid id) => LocalRedirect($"/chat/{id}");

    public async Task<IActionResult> OnPostAsync(Guid id, string? instructions, CancellationToken ct)
    {
        var clean = Prompt.Clean(instructions);
        if (clean.Length > Longest)
            return BadRequest();
        return await conversations.InstructAsync(User.Id(), id, clean, ct) ? LocalRedirect($"/chat/{id}") : NotFound();
    }
}
