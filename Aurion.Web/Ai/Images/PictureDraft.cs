namespace Aurion.Web.Ai.Images;

/// <summary>What a person wants drawn, as it was typed.</summary>
public sealed record PictureDraft
{
    public string? Prompt { get; init; }

    public string? Style { get; init; }

    public string? Size { get; init; }

    public int? Count { get; init; }

    /// <summary>The same seed draws the same picture again, where the engine can; by chance when left out.</summary>
    public long? Seed { get; init; }

    public string? Engine { get; init; }

    /// <summary>Makes a second sending of the same form the same batch.</summary>
    public Guid? BatchId { get; init; }
}
