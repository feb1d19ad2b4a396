using Aurion.Data.Ai;
using Aurion.Web.Ai.Attachments;
using Aurion.Web.Credits;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Ai.Chat;

/// <summary>What is said where an answer ended otherwise than complete, and what it cost.</summary>
public sealed class ChatWords(IStringLocalizer<ChatText> text, CapWords caps)
{
    /// <summary>What a conversation of a tool is called before it has a title.</summary>
    public LocalizedString New(ChatTool tool) => tool == ChatTool.Code ? text["New program"] : text["New conversation"];

    /// <summary>What stands where nothing has been said yet.</summary>
    public LocalizedString Welcome(ChatTool tool) => tool == ChatTool.Code
        ? text["Describe a program: a page, a script, a query. Its files can be copied, downloaded, and a page can be tried out at once."]
        : text["Ask anything: a text, a translation, an idea, a piece of code. Each message shows its price before you send it."];

    /// <summary>Null for an answer that is complete or being written.</summary>
    public LocalizedString? Reason(string? state, string? reason) => (state, reason) switch
    {
        (_, "stopped") => text["You stopped this answer."],
        (_, "length") => text["The answer reached the length that a message may have. Ask for the rest."],
        (_, "timed_out") => text["The provider fell silent."],
        (_, "busy") => text["The provider has too many requests at this moment."],
        (_, "refused") => text["The provider refused this content."],
        (_, "too_long") => text["This conversation is longer than the model can read."],
        (_, "blank") => text["The provider sent an empty answer."],
        (_, "another_answer") => text["Another answer of the conversation was being written."],
        (_, "interrupted") => text["The answer was interrupted on our side."],
        (_, "unreadable") => text["What the provider sent could not be read."],
        (_, "key_refused" or "account_dry" or "rejected") => text["The provider does not serve us at this moment. The Aurion team has been told."],
        ("broken" or "failed", _) => text["The provider broke off."],
        _ => null,
    };

    /// <summary>The same for a receipt, which knows the reason alone.</summary>
    public string OfRun(string reason) => Reason("broken", reason)!;

    /// <summary>What a person reads instead of an answer.</summary>
    public string Refusal(ChatResult result) => result switch
    {
        ChatResult.Blank => text["Write a message first."],
        ChatResult.TooLong tooLong => text["This message is longer than the model can read: {0} characters are safe.", tooLong.Characters.Grouped()],
        ChatResult.Writing => text["An answer is being written in this conversation. Wait for its end, or stop it."],
        ChatResult.ModelUnavailable { Reason: { Length: > 0 } reason } off => text["{0} is switched off at this moment: {1}", off.Model!, text[reason]],
        ChatResult.ModelUnavailable => text["This model is not available. Choose another one."],
        ChatResult.PlanLacksModel lacks => text["{0} is available from the {1} plan.", lacks.Model, lacks.Plan],
        ChatResult.Off { Reason: { Length: > 0 } reason } => text["This tool is switched off at this moment: {0}", reason],
        ChatResult.Off => text["The chat is switched off at this moment."],
        ChatResult.Dearer dearer => text["This message is long: it may cost up to {0} credits, more than the button said. Send it again if you agree.", dearer.Ceiling.Grouped()],
        ChatResult.FileRefused file => OfFile(file),
        ChatResult.SeesNoPictures blind => text["{0} does not look at pictures. These models do: {1}.", blind.Model, string.Join(", ", blind.Others)],
        ChatResult.CreditsExhausted exhausted => text["This message may cost {0} credits and you have {1}.", exhausted.Required.Grouped(), exhausted.Available.Grouped()],
        ChatResult.AccountFrozen => text["Your plan’s credits wait until its invoice is paid or its dispute is settled."],
        ChatResult.CapReached reached => caps.Refusal(reached.Cap),
        ChatResult.LimitReached { IsDaily: true } limit => text["Your plan has {0} messages a day. The next ones are free again on {1}.", limit.Limit.Grouped(), limit.EndsAt.Moment()],
        ChatResult.LimitReached limit => text["Your plan has {0} messages a month. The next ones are free again on {1}.", limit.Limit.Grouped(), limit.EndsAt.Day()],
        ChatResult.Busy => text["Many messages at this moment. Try again in a second."],
        _ => text["There is no such conversation."],
    };

    /// <summary>What a model reads of a file, and what that adds to the price of the message.</summary>
    public string Price(Attachment file, int credits, ModelOffer? model) => (file.IsPicture, model) switch
    {
        (true, { PictureTokens: null } blind) => text["{0} does not see it", blind.Name],
        (_, null) => "",
        (_, { IsFlat: true }) => text["{0} tokens, in the price of the message", file.Tokens.Grouped()],
        (var isPicture, { } dear) => text["{0} tokens, up to {1} credits", (isPicture ? dear.PictureTokens!.Value : file.Tokens).Grouped(), credits.Grouped()],
    };

    private string OfFile(ChatResult.FileRefused file) => file.Why switch
    {
        "empty" => text["{0} is empty.", file.Name],
        "too_large" => text["{0} is larger than 5 MB.", file.Name],
        "not_text" => text["{0} is no text, PDF or picture that can be read.", file.Name],
        "too_long" => text["{0} has more text than any model here reads: {1} characters are possible.", file.Name, AttachmentReader.LongestText.Grouped()],
        "picture_broken" => text["{0} is a picture that cannot be read.", file.Name],
        "picture_too_large" => text["{0} has more than 40 million pixels.", file.Name],
        "pdf_locked" => text["{0} is locked by a password. Save it without one, then attach it.", file.Name],
        "pdf_broken" => text["{0} is a broken PDF.", file.Name],
        "pdf_pages" => text["{0} has more than {1} pages.", file.Name, PdfReader.MostPages.Grouped()],
        "pdf_slow" => text["{0} takes too long to read.", file.Name],
        "pdf_no_text" => text["{0} has no text in it: its pages are pictures.", file.Name],
        "too_many" => text["A message takes {0} files: {1} was left out.", Chats.MostAttachments.Grouped(), file.Name],
        "too_many_unsent" => text["Too many files wait to be sent. Send some, or come back tomorrow."],
        "not_attached" => text["{0} was chosen and not attached. Choose it again and attach it, then send.", file.Name],
        _ => text["A file of this message is no longer there. Attach it again."],
    };

    public static int StatusOf(ChatResult result) => result switch
    {
        ChatResult.Started => StatusCodes.Status200OK,
        ChatResult.Blank => StatusCodes.Status422UnprocessableEntity,
        ChatResult.TooLong or ChatResult.ModelUnavailable or ChatResult.Dearer or ChatResult.FileRefused or ChatResult.SeesNoPictures => StatusCodes.Status422UnprocessableEntity,
        ChatResult.Writing or ChatResult.Off => StatusCodes.Status409Conflict,
        ChatResult.CreditsExhausted or ChatResult.AccountFrozen or ChatResult.PlanLacksModel => StatusCodes.Status403Forbidden,
        ChatResult.LimitReached or ChatResult.CapReached => StatusCodes.Status403Forbidden,
        ChatResult.Busy => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status404NotFound,
    };
}
