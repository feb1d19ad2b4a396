using Aurion.Data.Ai;

namespace Aurion.Web.Ai.Images;

/// <summary>What the image studio shows: the form, the newest batches, and one picture in detail.</summary>
public sealed record StudioRoom
{
    public required IReadOnlyList<EngineOffer> Engines { get; init; }

    public required IReadOnlyList<BatchView> Batches { get; init; }

    /// <summary>What the form says.</summary>
    public required PictureDraft Draft { get; init; }

    public PictureResult? Refusal { get; init; }

    /// <summary>The form's own batch: sending it twice is sending it once.</summary>
    public required Guid NextBatch { get; init; }

    /// <summary>From where on older batches follow, or null.</summary>
    public DateTimeOffset? Older { get; init; }

    /// <summary>Why an administrator has stopped the studio; null while it is on.</summary>
    public required string? StopReason { get; init; }

    public bool IsDrawing => Batches.Any(batch => batch.IsOpen);

    public EngineOffer? Engine =>
        StopReason is not null ? null : Engines.FirstOrDefault(engine => engine.Id == Draft.Engine && engine.IsUsable) ?? Engines.FirstOrDefault(engine => engine.IsUsable);
}

/// <summary>A batch with its pictures; <paramref name="Shown"/> is the one in detail, <paramref name="NextBatch"/> what a variation of it would be.</summary>
public sealed record BatchView(PictureBatch Batch, IReadOnlyList<Picture> Pictures, Picture? Shown, Guid NextBatch)
{
    private const int LongestTitle = 60;

    public bool IsOpen => Pictures.Any(picture => picture.IsOpen);

    public int Delivered => Pictures.Count(picture => picture.IsDone);

    /// <summary>Those that ended without a picture.</summary>
    public int Missing => Pictures.Count(picture => !picture.IsOpen && !picture.IsDone);

    public int Held => Pictures.Where(picture => picture.IsOpen).Sum(picture => picture.Ceiling);

    public int Charged => Pictures.Sum(picture => picture.Credits ?? 0);

    public string Title
    {
        get
        {
            var line = Batch.Prompt.ReplaceLineEndings(" ");
            return line.Length <= LongestTitle ? line : string.Concat(line.EnumerateRunes().Take(LongestTitle)).TrimEnd() + "…";
        }
    }
}

/// <summary>Reads it.</summary>
public sealed class StudioRooms(PictureStore pictures, Studio studio, TimeProvider clock)
{
    private const int MostShown = 12;

    /// <param name="show">A picture to show in detail; null when there is none such of this person.</param>
    /// <param name="like">A picture whose wish the form takes over.</param>
    public async Task<StudioRoom?> FindAsync(Guid userId, Guid? show, Guid? like, DateTimeOffset? before, CancellationToken ct)
    {
        var found = await pictures.ListAsync(userId, before, MostShown + 1, ct);
        var batches = found.Take(MostShown).ToList();
        if (show is { } shown && !batches.Any(each => Has(each, shown)))
        {
            if (await pictures.FindBatchOfAsync(userId, shown, ct) is not { } own)
                return null;
            batches.Insert(0, own);
        }
        PictureBatch? wish = null;
        if (like is { } picture && (wish = (await pictures.FindBatchOfAsync(userId, picture, ct))?.Batch) is null)
            return null;
        return new StudioRoom
        {
            Engines = await studio.ListEnginesAsync(userId, ct),
            StopReason = await studio.FindStopAsync(ct),
            Batches = [.. batches.Select(each => View(each.Batch, each.Pictures, show))],
            Draft = new PictureDraft { Prompt = wish?.Prompt, Style = wish?.Style, Size = wish?.Size, Engine = wish?.ModelId ?? batches.FirstOrDefault().Batch?.ModelId },
            NextBatch = Guid.CreateVersion7(clock.GetUtcNow()),
            Older = found.Count > MostShown ? batches[^1].Batch.CreatedAt : null,
        };
    }

    /// <summary>One batch as it stands now.</summary>
    public async Task<BatchView?> FindBatchAsync(Guid userId, Guid id, Guid? show, CancellationToken ct) =>
        await pictures.FindBatchAsync(userId, id, ct) is var (batch, drawn) ? View(batch, drawn, show) : null;

    private static bool Has((PictureBatch Batch, IReadOnlyList<Picture> Pictures) batch, Guid picture) => batch.Pictures.Any(each => each.Id == picture);

    private BatchView View(PictureBatch batch, IReadOnlyList<Picture> drawn, Guid? show) =>
        new(batch, drawn, drawn.FirstOrDefault(picture => picture.Id == show && picture.IsDone), Guid.CreateVersion7(clock.GetUtcNow()));
}
