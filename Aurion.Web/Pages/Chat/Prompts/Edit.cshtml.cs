using Aurion.Data.Ai;
using Aurion.Web.Ai.Chat;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Chat.Prompts;

/// <summary>Writes a prompt that is kept, or writes one anew.</summary>
[Authorize, LargeBody(ChatEndpoints.LongestBody)]
public sealed class EditModel(PromptLibrary library, SavedPromptStore store, IStringLocalizer<ChatText> words) : PageModel
{
    [BindProperty]
    public InputModel Input { get; set; } = new();

    [FromRoute]
    public Guid? Id { get; set; }

    /// <param name="from">An offered prompt to begin with.</param>
    public async Task<IActionResult> OnGetAsync(string? from, CancellationToken ct)
    {
        if ((Id?.ToString() ?? from) is not { } known)
            return Page();
        if (await library.FindAsync(User.Id(), known, ct) is not { } prompt)
            return NotFound();
        Input = new() { Title = prompt.Title, Text = prompt.Text };
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        var (title, text) = (Prompt.Clean(Input.Title).Replace('\n', ' ').Replace('\t', ' '), Prompt.Clean(Input.Text));
        if (library.RefusalOfTitle(title) is { } titleRefusal)
            ModelState.AddModelError("Input.Title", titleRefusal);
        if (library.RefusalOfText(text) is { } textRefusal)
            ModelState.AddModelError("Input.Text", textRefusal);
        if (ModelState.IsValid && Id is { } id && !await store.ReplaceAsync(User.Id(), id, title, text, ct))
            return NotFound();
        if (ModelState.IsValid && Id is null && !await store.AddAsync(User.Id(), title, text, ct))
            ModelState.AddModelError("", words["You have {0} prompts, the most you can keep. Delete one that you no longer use.", SavedPromptStore.MostSaved.Grouped()]);
        if (!ModelState.IsValid)
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return Page();
        }
        TempData.Toast(words["The prompt is saved."]);
        return LocalRedirect("/chat/prompts");
    }

    public sealed class InputModel
    {
        public string? Title { get; set; }

        public string? Text { get; set; }
    }
}
