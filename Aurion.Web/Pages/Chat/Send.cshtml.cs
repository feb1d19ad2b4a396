using Aurion.Web.Ai.Chat;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Chat;

/// <summary>Sends a message. With script the answer is the exchange alone; without, the conversation's page, once there is something to read.</summary>
[Authorize, LargeBody(ChatEndpoints.LongestBody)]
public sealed class SendModel(Chats chats, ChatRooms rooms, AnswerRuns runs) : PageModel
{
    // A page without script shows the answer at once if it is there by then, and reloads itself otherwise.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    [BindProperty]
    public InputModel Input { get; set; } = new();

    public required ChatRoom Room { get; set; }

    // Of a conversation that begins; one that is there leads to its own.
    private ChatTool Tool => ChatTool.Of(Input.Tool);

    public IActionResult OnGet() => LocalRedirect("/chat");

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return BadRequest();
        // A file that was chosen comes as its name only; without its content the message would be another one.
        var result = Input.File is { Length: > 0 } chosen ? new ChatResult.FileRefused(chosen, "not_attached") : await chats.SendAsync(User.Id(), new ChatDraft
        {
            ConversationId = Input.Conversation,
            Tool = Tool,
            Language = Input.Language,
            ParentId = Input.Parent,
            EditOf = Input.EditOf,
            Text = Input.Text,
            Model = Input.Model,
            Attachments = Input.Attachments ?? [],
            AgreedCredits = Input.Agreed,
            AnswerId = Input.Answer,
        }, ct);
        if (result is not ChatResult.Started started)
            return await ShowRefusalAsync(result, ct);

        if (!Request.IsHtmx())
            await WaitAsync(started.AnswerId, ct);
        var page = $"{Tool.Home}/{started.ConversationId}";
        if (!Request.IsHtmx())
            return LocalRedirect(page);
        if (started.IsNewConversation || Input.EditOf is not null)
        {
            Response.Htmx(answer => answer.Redirect(page));
            return new EmptyResult();
        }
        return await rooms.FindAsync(User.Id(), Tool, started.ConversationId, started.AnswerId, null, Input.Model, ct) is { } room ? Partial("_Exchange", room) : NotFound();
    }

    private async Task<IActionResult> ShowRefusalAsync(ChatResult result, CancellationToken ct)
    {
        if (result is ChatResult.NotFound || await rooms.FindAsync(User.Id(), Tool, Input.Conversation, Input.EditOf ?? Input.Parent, null, Input.Model, ct, Input.Attachments) is not { } room)
            return NotFound();
        Room = room with { Refusal = result, Unsent = Input.Text, Editing = Input.EditOf };
        Response.StatusCode = ChatWords.StatusOf(result);
        if (!Request.IsHtmx())
            return Page();
        // htmx swaps 403 and 422, and what is refused for another reason is said in the same place.
        if (Response.StatusCode is not (StatusCodes.Status403Forbidden or StatusCodes.Status422UnprocessableEntity))
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        Response.Htmx(answer => answer.Retarget("#chat-refusal").Reswap("innerHTML"));
        return Partial("_Refusal", Room);
    }

    private async Task WaitAsync(Guid answerId, CancellationToken ct)
    {
        if (runs.Find(User.Id(), answerId) is { } live)
            await ((Task)live.Ended).WaitAsync(Patience, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public sealed class InputModel
    {
        [FromForm(Name = "text")]
        public string? Text { get; set; }

        [FromForm(Name = "tool")]
        public string? Tool { get; set; }

        [FromForm(Name = "language")]
        public string? Language { get; set; }

        [FromForm(Name = "conversation")]
        public Guid? Conversation { get; set; }

        [FromForm(Name = "parent")]
        public Guid? Parent { get; set; }

        [FromForm(Name = "editOf")]
        public Guid? EditOf { get; set; }

        [FromForm(Name = "model")]
        public string? Model { get; set; }

        [FromForm(Name = "attachment")]
        public IReadOnlyList<Guid>? Attachments { get; set; }

        [FromForm(Name = "file")]
        public string? File { get; set; }

        /// <summary>What was agreed to after a price above the button's.</summary>
        [FromForm(Name = "agreed")]
        public int Agreed { get; set; }

        [FromForm(Name = "answer")]
        public Guid? Answer { get; set; }
    }
}
