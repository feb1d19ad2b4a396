using Aurion.Data.Ai;
using Aurion.Web.Ai.Metering;
using Aurion.Web.Ai.Providers;
using Aurion.Web.Credits;
using Aurion.Web.Credits.Live;

namespace Aurion.Web.Ai.Chat;

/// <summary>Sends a message to a model: checks it, holds its credits, writes question and answer down, then calls the provider.</summary>
public sealed class Chats(
    ConversationStore conversations, AnswerStore answers, AttachmentStore attachments, ModelStore models, HoldStore closings, HoldGroupCommit holds, AnswerRuns runs,
    BalanceAnnouncer announcer, OpenRouterOptions provider, TimeProvider clock)
{
    /// <summary>How many files may go with one message.</summary>
    public const int MostAttachments = 5;

    private const int LongestTitle = 80;
    private const int MessageTokens = 1000;

    /// <summary>Whether somebody set a provider up.</summary>
    public bool IsOn => provider.ApiKey.Length > 0;

    public async Task<ChatResult> SendAsync(Guid userId, ChatDraft draft, CancellationToken ct)
    {
        var text = Prompt.Clean(draft.Text);
        if (text.Length == 0)
            return new ChatResult.Blank();
        if (draft.ConversationId is not { } conversationId)
            return await AskAsync(userId, new(draft.Tool, LanguageOf(draft), Guid.CreateVersion7(clock.GetUtcNow()), TitleOf(text), [], text, ParentId: null), "", draft, ct);
        if (await conversations.FindAsync(userId, conversationId, ct) is not { } conversation)
            return new ChatResult.NotFound();

        var branch = await conversations.ListMessagesAsync(userId, conversationId, draft.EditOf ?? draft.ParentId, ct);
        if (branch.Count == 0)
            return new ChatResult.NotFound();
        // A new version of a message keeps what went with it.
        if (draft.EditOf is { } former)
            draft = draft with { Attachments = await CopyAsync(userId, former, ct) };
        var history = draft.EditOf is { } edited ? branch.TakeWhile(message => message.Id != edited).ToList()
            : draft.ParentId is { } parent ? [.. branch.TakeWhile(message => message.Id != parent), branch.First(message => message.Id == parent)]
            : branch;
        return await AskAsync(userId, new(ChatTool.Of(conversation.ToolId), conversation.Language, conversationId, null, history, text, history is [.., var last] ? last.Id : null), conversation.Instructions, draft, ct);
    }

    /// <summary>Another answer to the same question, beside the first.</summary>
    public async Task<ChatResult> AnswerAgainAsync(Guid userId, Guid answerId, string? model, CancellationToken ct)
    {
        if (await conversations.FindConversationOfAsync(userId, answerId, ct) is not { } conversationId || await conversations.FindAsync(userId, conversationId, ct) is not { } conversation)
            return new ChatResult.NotFound();
        var branch = await conversations.ListMessagesAsync(userId, conversationId, answerId, ct);
        var history = branch.TakeWhile(message => message.Id != answerId).ToList();
        if (branch[history.Count] is not { IsAnswer: true } first)
            return new ChatResult.NotFound();
        return await AskAsync(userId, new(ChatTool.Of(conversation.ToolId), conversation.Language, conversationId, null, history, null, history[^1].Id), conversation.Instructions, new ChatDraft { Model = model ?? first.ModelId }, ct);
    }

    /// <summary>False when there is no such answer of this person.</summary>
    public async Task<bool> StopAsync(Guid userId, Guid answerId, CancellationToken ct)
    {
        if (await answers.FindTailAsync(userId, answerId, 0, ct) is null)
            return false;
        await runs.StopAsync(userId, answerId, ct);
        return true;
    }

    /// <summary>Stops what is being written, which is paid for like any other stop, then deletes the conversation.</summary>
    public async Task<bool> DeleteAsync(Guid userId, Guid conversationId, CancellationToken ct)
    {
        while (await answers.FindWritingAsync(userId, conversationId, ct) is { } writing)
            await runs.StopAsync(userId, writing, ct);
        return await conversations.DeleteAsync(userId, conversationId, ct);
    }

    private async Task<ChatResult> AskAsync(Guid userId, Place place, string own, ChatDraft draft, CancellationToken ct)
    {
        if (!IsOn)
            return new ChatResult.Off(null);
        var instructions = CodeInstructions.Of(place.Tool, place.Language, own);
        var offers = await models.ListAsync(userId, place.Tool.Id, place.Tool.LengthTimes, 0, 0, ct);
        if (offers.FirstOrDefault(offer => draft.Model is null ? offer.IsOn : offer.Id == draft.Model) is not { } model)
            return new ChatResult.ModelUnavailable();
        if (model.OffReason is { } reason)
            return new ChatResult.ModelUnavailable(model.Name, reason);
        var files = await attachments.ListContentAsync(userId, [.. place.History.Select(message => message.Id)], draft.Attachments, ct);
        if (draft.Attachments.Count > MostAttachments || files.Count(file => file.MessageId is null) != draft.Attachments.Count)
            return new ChatResult.FileRefused("", "gone");
        if (model.PictureTokens is null && files.Any(file => file is { MessageId: null, IsPicture: true }))
            return new ChatResult.SeesNoPictures(model.Name, [.. offers.Where(offer => offer is { IsOn: true, PictureTokens: not null }).Select(offer => offer.Name)]);
        if (Prompt.Create(instructions, place.History, place.Question, model, files) is not { } prompt)
            return new ChatResult.TooLong(Prompt.CharactersOf(model));
        if (await answers.FindWritingAsync(userId, place.ConversationId, ct) is not null)
            return new ChatResult.Writing();

        // A message within the length that the button is priced for costs no more than it says.
        if (draft.AgreedCredits is { } agreed && !model.IsFlat)
        {
            var price = await PriceAsync(userId, place.Tool, model, prompt.MostTokens, 0, ct);
            var said = TokensBefore(instructions, place.History) + files.Sum(file => file.Tokens);
            if (price > Math.Max(agreed, await PriceAsync(userId, place.Tool, model, said, files.Count(file => file.IsPicture), ct)))
                return new ChatResult.Dearer(price);
        }

        var arrived = clock.GetUtcNow();
        var answerId = draft.AnswerId ?? Guid.CreateVersion7(arrived);
        var hold = new HoldRequest(userId, answerId, place.Tool.Id, model.Id, 1, prompt.MostTokens, model.AnswerTokens, arrived);
        if (!holds.TryAsk(hold, ct, out var answer))
            return new ChatResult.Busy();
        var held = await answer;
        return held.Outcome switch
        {
            "HELD" => await BeginAsync(userId, answerId, place, model, prompt, draft.Attachments, held.Ceiling),
            // The same form again: its answer is there, or the first sending is at this moment on its way.
            "REPEATED" or "OPERATION_MISMATCH" => await conversations.FindConversationOfAsync(userId, answerId, ct) is { } known
                ? new ChatResult.Started(known, answerId, held.Ceiling, IsNewConversation: true)
                : new ChatResult.Busy(),
            "INSUFFICIENT_CREDITS" => new ChatResult.CreditsExhausted(held.Ceiling, held.Available),
            "ACCOUNT_FROZEN" => new ChatResult.AccountFrozen(held.Ceiling, held.Available),
            "DAILY_LIMIT" or "MONTHLY_LIMIT" => new ChatResult.LimitReached(held.Outcome == "DAILY_LIMIT", held.LimitedTo, held.EndsAt!.Value),
            _ when ReachedCap.Of(held.Outcome, held.Ceiling, held.Available, held.EndsAt) is { } cap => new ChatResult.CapReached(cap),
            "PLAN_LACKS_TOOL" => new ChatResult.PlanLacksModel(model.Name, model.FromPlan),
            "MODEL_UNAVAILABLE" => new ChatResult.ModelUnavailable(),
            "TOOL_UNAVAILABLE" => new ChatResult.Off(await models.FindStopAsync(place.Tool.Id, ct)),
            "BUSY" => new ChatResult.Busy(),
            _ => throw new InvalidOperationException($"User {userId} has no credit account: {held.Outcome}."),
        };
    }

    // From here on the credits are held: a caller who leaves does not interrupt it.
    private async Task<ChatResult> BeginAsync(Guid userId, Guid answerId, Place place, ModelOffer model, Prompt prompt, IReadOnlyList<Guid> files, int ceiling)
    {
        Guid? questionId = place.Question is null ? null : Guid.CreateVersion7(clock.GetUtcNow());
        var draft = new AnswerDraft(userId, answerId, place.ConversationId, place.Title, place.Question, questionId, place.ParentId, model.Id, prompt.LikelyTokens, place.Tool.Id, place.Language) { Attachments = files };
        if (!await answers.BeginAsync(draft, CancellationToken.None))
        {
            await closings.CloseAsync(userId, answerId, new Delivery(0, 0, 0, null, null, "another_answer"), CancellationToken.None);
            return new ChatResult.Writing();
        }
        announcer.Announce(userId);
        runs.Start(userId, answerId, new ChatRequest
        {
            Model = model.Id,
            Turns = prompt.Turns,
            LongestAnswer = model.AnswerTokens,
            MostPromptPrice = model.MostPromptPrice,
            MostCompletionPrice = model.MostCompletionPrice,
            User = userId.ToString(),
        });
        return new ChatResult.Started(place.ConversationId, answerId, ceiling, place.Title is not null);
    }

    private async Task<IReadOnlyList<Guid>> CopyAsync(Guid userId, Guid messageId, CancellationToken ct)
    {
        List<Guid> copies = [];
        foreach (var file in await attachments.ListContentAsync(userId, [messageId], [], ct))
        {
            var id = Guid.CreateVersion7(clock.GetUtcNow());
            if (await attachments.AddAsync(userId, id, file.Name, file.Kind, file.Text, file.Tokens, file.Picture, ct))
                copies.Add(id);
        }
        return copies;
    }

    /// <summary>Tokens for which a price is shown before a message is written: what is read again, and a message of a page's length.</summary>
    public static int TokensBefore(string instructions, IEnumerable<ChatMessage> history) => Prompt.MostTokensOf(instructions, history) + MessageTokens;

    // The most that it may cost, in credits.
    private async Task<int> PriceAsync(Guid userId, ChatTool tool, ModelOffer model, int promptTokens, int pictures, CancellationToken ct) =>
        (await models.ListAsync(userId, tool.Id, tool.LengthTimes, promptTokens, pictures, ct)).Single(offer => offer.Id == model.Id).Ceiling;

    // A language that is not on the list is the model's choice.
    private static string LanguageOf(ChatDraft draft) =>
        draft.Tool == ChatTool.Code && CodeInstructions.Languages.Contains(draft.Language ?? "") ? draft.Language! : "";

    /// <summary>The first line, or as much of it as a list shows.</summary>
    public static string TitleOf(string text)
    {
        var line = text.Split('\n')[0].Trim();
        return line.Length <= LongestTitle ? line : string.Concat(line.EnumerateRunes().Take(LongestTitle)).TrimEnd() + "…";
    }

    /// <summary>Where a question and its answer go. A title makes a new conversation; no question is another answer to the last of the history.</summary>
    private sealed record Place(ChatTool Tool, string Language, Guid ConversationId, string? Title, IReadOnlyList<ChatMessage> History, string? Question, Guid? ParentId);
}
