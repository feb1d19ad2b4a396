using Aurion.Web.Ai.Chat;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Chat.Prompts;

/// <summary>The prompts that a person keeps, and those that everybody is offered.</summary>
[Authorize]
public sealed class IndexModel(PromptLibrary library) : PageModel
{
    private const int LongestSearch = 100;
    private const int LongestExcerpt = 240;

    [FromQuery(Name = "q")]
    public string? Search { get; set; }

    public IReadOnlyList<LibraryPrompt> Saved { get; private set; } = [];

    public IReadOnlyList<LibraryPrompt> Offered { get; } = library.Offered;

    public async Task OnGetAsync(CancellationToken ct)
    {
        Search = Prompt.Clean(Search) is { Length: > 0 and <= LongestSearch } search ? search : null;
        Saved = await library.ListAsync(User.Id(), Search, ct);
    }

    /// <summary>The first words, as much as a card shows.</summary>
    public static string Excerpt(string text) =>
        text.Length <= LongestExcerpt ? text : text[..(char.IsHighSurrogate(text[LongestExcerpt - 1]) ? LongestExcerpt - 1 : LongestExcerpt)] + "…";
}
