using Aurion.Web.Ai.Chat;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Chat.Prompts;

/// <summary>Asks for the variables of a prompt and puts the filled text into the composer; nothing is sent.</summary>
[Authorize, LargeBody(ChatEndpoints.LongestBody)]
public sealed class UseModel(PromptLibrary library, Chats chats, ChatRooms rooms, IStringLocalizer<ChatText> words) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public InputModel Input { get; set; } = new();

    public LibraryPrompt Chosen { get; private set; } = null!;

    /// <summary>The composer's page with the filled text in it.</summary>
    public ChatRoom? Room { get; private set; }

    /// <summary>What must be mended, by variable.</summary>
    public IReadOnlyDictionary<string, string> Refusals { get; private set; } = new Dictionary<string, string>();

    public string? Typed(string variable) => Input.Values?.FirstOrDefault(pair => string.Equals(pair.Key, variable, StringComparison.OrdinalIgnoreCase)).Value;

    public async Task<IActionResult> OnGetAsync(string id, CancellationToken ct)
    {
        if (await FindAsync(id, ct) is { } elsewhere)
            return elsewhere;
        if (Chosen.Variables.Count == 0 && !Request.IsHtmx())
            return await ShowAsync(Chosen.Text, ct);
        return Ask();
    }

    public async Task<IActionResult> OnPostAsync(string id, CancellationToken ct)
    {
        if (await FindAsync(id, ct) is { } elsewhere)
            return elsewhere;
        var values = Chosen.Variables.ToDictionary(name => name, name => Prompt.Clean(Typed(name)), StringComparer.OrdinalIgnoreCase);
        Refusals = values.Where(pair => pair.Value.Length == 0).ToDictionary(pair => pair.Key, pair => words["Write what stands for “{0}”.", pair.Key].Value, StringComparer.Ordinal);
        if (Refusals.Count == 0 && PromptTemplate.LengthOf(Chosen.Text, values) is var length and > PromptLibrary.LongestFilled)
        {
            var longest = values.MaxBy(pair => pair.Value.Length).Key;
            Refusals = new Dictionary<string, string>(StringComparer.Ordinal) { [longest] = words["The filled prompt would have {0} characters; {1} are possible.", ((int)Math.Min(length, int.MaxValue)).Grouped(), PromptLibrary.LongestFilled.Grouped()] };
        }
        if (Refusals.Count > 0)
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return Ask();
        }
        var filled = PromptTemplate.Fill(Chosen.Text, values);
        // What was being written stays before it.
        var message = string.IsNullOrWhiteSpace(Input.Text) ? filled : $"{Input.Text.TrimEnd()}\n\n{filled}";
        return Request.IsHtmx() ? Partial("_Filled", message) : await ShowAsync(message, ct);
    }

    /// <summary>Where somebody is sent who cannot use it; null once <see cref="Chosen"/> is found.</summary>
    private async Task<IActionResult?> FindAsync(string id, CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return BadRequest();
        if (!chats.IsOn)
            return LocalRedirect($"/tools/{ChatTool.Of(Input.Tool).Id}");
        if (await library.FindAsync(User.Id(), id, ct) is not { } prompt)
            return NotFound();
        Chosen = prompt;
        return null;
    }

    private IActionResult Ask() => Request.IsHtmx() ? Partial("_UseDialog", this) : Page();

    private async Task<IActionResult> ShowAsync(string message, CancellationToken ct)
    {
        if (await rooms.FindAsync(User.Id(), ChatTool.Of(Input.Tool), Input.Conversation, null, null, null, ct) is not { } room)
            return NotFound();
        Room = room with { Unsent = message };
        return Page();
    }

    public sealed class InputModel
    {
        [FromForm(Name = "values")]
        public Dictionary<string, string?>? Values { get; set; }

        /// <summary>What stands in the composer.</summary>
        [FromForm(Name = "text")]
        public string? Text { get; set; }

        [ModelBinder(Name = "tool")]
        public string? Tool { get; set; }

        [ModelBinder(Name = "conversation")]
        public Guid? Conversation { get; set; }
    }
}
