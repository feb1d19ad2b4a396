using Aurion.Web.Credits;

namespace Aurion.Web.Ai.Chat;

/// <summary>What became of a message. Nothing was charged, and nothing was written down, unless it is <see cref="Started"/>.</summary>
public abstract record ChatResult
{
    /// <summary>The answer is being written; up to <paramref name="Ceiling"/> credits are held for it.</summary>
    public sealed record Started(Guid ConversationId, Guid AnswerId, int Ceiling, bool IsNewConversation) : ChatResult;

    /// <summary>No such conversation or message of this person.</summary>
    public sealed record NotFound : ChatResult;

    public sealed record Blank : ChatResult;

    /// <summary>More than the model can read; so many characters are safe.</summary>
    public sealed record TooLong(int Characters) : ChatResult;

    /// <summary>An answer of this conversation is being written.</summary>
    public sealed record Writing : ChatResult;

    /// <summary>The model is unknown, or switched off for the reason that is given.</summary>
    public sealed record ModelUnavailable(string? Model = null, string? Reason = null) : ChatResult;

    public sealed record PlanLacksModel(string Model, string Plan) : ChatResult;

    /// <summary>The tool has no key, or is stopped for the reason that is given.</summary>
    public sealed record Off(string? Reason) : ChatResult;

    /// <summary>The message is so long that it may cost more than the button said; up to <paramref name="Ceiling"/> credits.</summary>
    public sealed record Dearer(int Ceiling) : ChatResult;

    /// <summary>A file could not be read or taken; why in a word of <see cref="Attachments.ReadFile.Refused"/>, too_many, too_many_unsent, gone or not_attached.</summary>
    public sealed record FileRefused(string Name, string Why) : ChatResult;

    /// <summary>The model sees no pictures; these do.</summary>
    public sealed record SeesNoPictures(string Model, IReadOnlyList<string> Others) : ChatResult;

    public sealed record CreditsExhausted(int Required, int Available) : ChatResult;

    public sealed record AccountFrozen(int Required, int Available) : ChatResult;

    /// <summary>The owner's own cap has too little left.</summary>
    public sealed record CapReached(ReachedCap Cap) : ChatResult;

    public sealed record LimitReached(bool IsDaily, int Limit, DateTimeOffset EndsAt) : ChatResult;

    public sealed record Busy : ChatResult;
}
