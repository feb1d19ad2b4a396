using Aurion.Data.Ai;

namespace Aurion.Web.Ai.Chat;

/// <summary>What the chat's page shows: the list, the conversation that is open, and what the next message may cost.</summary>
public sealed record ChatRoom
{
    public required ChatTool Tool { get; init; }

    public required IReadOnlyList<ConversationLine> Conversations { get; init; }

    public required string? Search { get; init; }

    public Conversation? Open { get; init; }

    public IReadOnlyList<ChatMessage> Messages { get; init; } = [];

    public required IReadOnlyList<ModelOffer> Models { get; init; }

    public required string? ChosenModel { get; init; }

    /// <summary>Why an administrator has stopped the tool; null while it is on.</summary>
    public required string? StopReason { get; init; }

    /// <summary>What went with the messages, by message.</summary>
    public required ILookup<Guid?, Attachment> Attached { get; init; }

    /// <summary>What goes with the next message, and the most credits that each adds to its price.</summary>
    public IReadOnlyList<(Attachment File, int Credits)> Waiting { get; init; } = [];

    /// <summary>What the composer offers to begin with.</summary>
    public required IReadOnlyList<LibraryPrompt> Prompts { get; init; }

    /// <summary>The message that is being edited, or null.</summary>
    public Guid? Editing { get; init; }

    /// <summary>A message that was not sent, and why.</summary>
    public string? Unsent { get; init; }

    public ChatResult? Refusal { get; init; }

    /// <summary>The form's own message: sending it twice is sending it once.</summary>
    public required Guid NextAnswer { get; init; }

    public bool IsWriting => Messages.Any(message => message.IsWriting);

    public ModelOffer? Model =>
        StopReason is not null ? null : Models.FirstOrDefault(model => model.Id == ChosenModel && model.IsUsable) ?? Models.FirstOrDefault(model => model.IsUsable);

    /// <summary>How much of what the model can read this conversation fills, in percent.</summary>
    public int Filled => Model is { } model
        ? Math.Min(100, 100 * (Prompt.MostTokensOf(Open?.Instructions ?? "", Messages) + Messages.SelectMany(message => Attached[message.Id]).Concat(Waiting.Select(each => each.File)).Sum(file => file.IsPicture ? model.PictureTokens ?? 0 : file.Tokens)) / (model.ContextTokens - model.AnswerTokens))
        : 0;
}

/// <summary>Reads it.</summary>
public sealed class ChatRooms(ConversationStore conversations, AttachmentStore attachments, ModelStore models, PromptLibrary prompts, TimeProvider clock)
{
    /// <summary>Null when there is no such conversation of this person. A conversation knows its tool; <paramref name="begun"/> is that of a new one.</summary>
    /// <param name="waiting">What was attached to the next message.</param>
    public async Task<ChatRoom?> FindAsync(Guid userId, ChatTool begun, Guid? conversationId, Guid? through, string? search, string? model, CancellationToken ct, IReadOnlyList<Guid>? waiting = null)
    {
        Conversation? open = null;
        IReadOnlyList<ChatMessage> messages = [];
        if (conversationId is { } id)
        {
            if ((open = await conversations.FindAsync(userId, id, ct)) is null)
                return null;
            messages = await conversations.ListMessagesAsync(userId, id, through, ct);
        }
        var tool = open is null ? begun : ChatTool.Of(open.ToolId);
        var instructions = CodeInstructions.Of(tool, open?.Language ?? "", open?.Instructions ?? "");
        var attached = (open is null ? [] : await attachments.ListAsync(userId, open.Id, ct)).ToLookup(file => file.MessageId);
        var next = waiting is { Count: > 0 } ? await attachments.ListWaitingAsync(userId, waiting, ct) : [];
        var read = messages.SelectMany(message => attached[message.Id]).ToList();
        var before = Chats.TokensBefore(instructions, messages) + read.Sum(file => file.Tokens);
        var all = read.Concat(next).ToList();
        var room = new ChatRoom
        {
            Tool = tool,
            Conversations = await conversations.ListAsync(userId, tool.Id, search, ct),
            Search = search,
            Open = open,
            Messages = messages,
            Attached = attached,
            Waiting = [.. next.Select(file => (file, 0))],
            Models = await models.ListAsync(userId, tool.Id, tool.LengthTimes, before + next.Sum(file => file.Tokens), all.Count(file => file.IsPicture), ct),
            StopReason = await models.FindStopAsync(tool.Id, ct),
            ChosenModel = model ?? messages.LastOrDefault(message => message.IsAnswer)?.ModelId,
            Prompts = await prompts.ListForMenuAsync(userId, ct),
            NextAnswer = Guid.CreateVersion7(clock.GetUtcNow()),
        };
        if (next.Count == 0 || room.Model is not { } chosen)
            return room;
        var each = await models.PriceEachAsync(tool.Id, chosen, before, [.. next.Select(file => file.IsPicture ? chosen.PictureTokens ?? 0 : file.Tokens)], ct);
        return room with { Waiting = [.. next.Zip(each)] };
    }
}
