using System.Security.Cryptography;
using Aurion.Data.Ai;
using Aurion.Web.Ai.Chat;
using Aurion.Web.Ai.Providers;
using Aurion.Web.Credits;
using Aurion.Web.Credits.Live;

namespace Aurion.Web.Ai.Images;

/// <summary>Takes wishes for pictures: checks them, writes them down with their holds, and leaves the drawing to <see cref="DrawPicturesJob"/>.</summary>
public sealed class Studio(
    PictureStore pictures, PictureArchive archive, ModelStore models, IEnumerable<IPictureEngine> engines, BalanceAnnouncer announcer, JobQueue jobs, TimeProvider clock)
{
    public const string ToolId = "image-generation";
    public const int MostPictures = 4;
    public const int LongestPrompt = 2000;
    public const long LeastSeed = 2;
    public const long MostSeed = 999_999_999;

    // The job ends each picture long before; nobody else looks at the lifetime of these holds.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    /// <summary>Whether somebody set a provider up.</summary>
    public bool IsOn => engines.Any(engine => engine.IsOn);

    /// <summary>The engines that are set up.</summary>
    public async Task<IReadOnlyList<EngineOffer>> ListEnginesAsync(Guid userId, CancellationToken ct) =>
        [.. (await models.ListEnginesAsync(userId, ToolId, ct)).Where(offer => engines.Any(engine => engine.IsOn && engine.Draws(offer.Id)))];

    /// <summary>Why an administrator has stopped the studio; null while it is on.</summary>
    public Task<string?> FindStopAsync(CancellationToken ct) => models.FindStopAsync(ToolId, ct);

    /// <summary>The engine that draws when none is named, with its price; null when there is none for this person, or the studio is stopped.</summary>
    public async Task<EngineOffer?> FindEngineAsync(Guid userId, CancellationToken ct) =>
        IsOn && await FindStopAsync(ct) is null ? (await ListEnginesAsync(userId, ct)).FirstOrDefault(offer => offer.IsUsable) : null;

    /// <summary>The picture of a batch of one, as it stands; null when there is none such of this person.</summary>
    public async Task<Picture?> FindAsync(Guid userId, Guid batchId, CancellationToken ct) =>
        await pictures.FindBatchAsync(userId, batchId, ct) is (_, [var picture]) ? picture : null;

    /// <summary>The JPEG of a picture, of 640 pixels at most; null when there is none such of this person.</summary>
    public Task<byte[]?> FindThumbnailAsync(Guid userId, Guid pictureId, CancellationToken ct) => archive.FindAsync(userId, pictureId, "thumbnail", ct);

    public async Task<PictureResult> MakeAsync(Guid userId, PictureDraft draft, CancellationToken ct)
    {
        var prompt = Prompt.Clean(draft.Prompt);
        if (prompt.Length == 0)
            return new PictureResult.Blank();
        if (prompt.Length > LongestPrompt)
            return new PictureResult.TooLong(LongestPrompt);
        if (PictureStyle.Find(draft.Style) is not { } style)
            return new PictureResult.Invalid("style");
        if (PictureSize.Find(draft.Size) is not { } size)
            return new PictureResult.Invalid("size");
        if ((draft.Count ?? 1) is not (>= 1 and <= MostPictures and var count))
            return new PictureResult.Invalid("count");
        if (draft.Seed is < LeastSeed or > MostSeed)
            return new PictureResult.Invalid("seed");
        if (!IsOn)
            return new PictureResult.Off(null);
        var offers = await ListEnginesAsync(userId, ct);
        if (offers.FirstOrDefault(offer => draft.Engine is null ? offer.IsUsable : offer.Id == draft.Engine) is not { } engine)
            return new PictureResult.EngineUnavailable();
        if (engine.OffReason is { } reason)
            return new PictureResult.EngineUnavailable(engine.Name, reason);

        var now = clock.GetUtcNow();
        var wish = new PictureWish(userId, draft.BatchId ?? Guid.CreateVersion7(now), [.. Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7(now))],
            prompt, style.Id, size.Id, draft.Seed ?? RandomNumberGenerator.GetInt32((int)LeastSeed, (int)MostSeed), engine.Id);
        var hold = await pictures.BeginAsync(wish, Lifetime, ct);
        switch (hold.Outcome)
        {
            case "HELD":
                announcer.Announce(userId);
                await jobs.WakeAsync<DrawPicturesJob>(CancellationToken.None);
                return new PictureResult.Started(wish.Id, hold.Required);
            case "REPEATED":
                return new PictureResult.Started(wish.Id, 0);
            case "INSUFFICIENT_CREDITS":
                return new PictureResult.CreditsExhausted(hold.Required, hold.Available);
            case "ACCOUNT_FROZEN":
                return new PictureResult.AccountFrozen(hold.Required, hold.Available);
            case "DAILY_LIMIT" or "MONTHLY_LIMIT":
                return new PictureResult.LimitReached(hold.Outcome == "DAILY_LIMIT", hold.LimitedTo, hold.EndsAt!.Value);
            case "DAILY_CAP" or "MONTHLY_CAP":
                return new PictureResult.CapReached(ReachedCap.Of(hold.Outcome, hold.Required, hold.Available, hold.EndsAt)!);
            case "PLAN_LACKS_TOOL":
                return new PictureResult.PlanLacksEngine(engine.Name, engine.FromPlan);
            case "MODEL_UNAVAILABLE":
                return new PictureResult.EngineUnavailable();
            case "TOOL_UNAVAILABLE":
                return new PictureResult.Off(await FindStopAsync(ct));
            case "BUSY" or "RETRY":
                return new PictureResult.Busy();
            default:
                throw new InvalidOperationException($"User {userId} has no credit account: {hold.Outcome}.");
        }
    }

    /// <summary>One more picture of the same wish, with another seed.</summary>
    public async Task<PictureResult> VaryAsync(Guid userId, Guid pictureId, Guid? batchId, CancellationToken ct) =>
        await pictures.FindBatchOfAsync(userId, pictureId, ct) is var (batch, _)
            ? await MakeAsync(userId, new PictureDraft { Prompt = batch.Prompt, Style = batch.Style, Size = batch.Size, Engine = batch.ModelId, BatchId = batchId }, ct)
            : new PictureResult.NotFound();

    /// <summary>Gives back what no engine has begun; what is being drawn is finished and paid for.</summary>
    public async Task StopAsync(Guid userId, Guid batchId, CancellationToken ct)
    {
        if (await pictures.StopAsync(userId, batchId, ct) > 0)
            announcer.Announce(userId);
    }
}
