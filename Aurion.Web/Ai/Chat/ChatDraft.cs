namespace Aurion.Web.Ai.Chat;

/// <summary>A message that a person sends. Without a conversation it begins one.</summary>
public sealed record ChatDraft
{
    public Guid? ConversationId { get; init; }

    /// <summary>For a conversation that begins; so <see cref="Language"/>, for a program.</summary>
    public ChatTool Tool { get; init; } = ChatTool.Chat;

    public string? Language { get; init; }

    /// <summary>The message that this one follows; the last one of the newest branch when left out.</summary>
    public Guid? ParentId { get; init; }

    /// <summary>The message that this one stands beside, as another version of it.</summary>
    public Guid? EditOf { get; init; }

    public string? Text { get; init; }

    public string? Model { get; init; }

    /// <summary>What goes with it, as <see cref="Aurion.Data.Ai.AttachmentStore"/> keeps it until then.</summary>
    public IReadOnlyList<Guid> Attachments { get; init; } = [];

    /// <summary>
    /// The credits that this person agreed to after a <see cref="ChatResult.Dearer"/>, 0 before. Null where no price was shown:
    /// whatever the message may cost is agreed.
    /// </summary>
    public int? AgreedCredits { get; init; }

    /// <summary>Makes a second sending of the same form the same message.</summary>
    public Guid? AnswerId { get; init; }
}
