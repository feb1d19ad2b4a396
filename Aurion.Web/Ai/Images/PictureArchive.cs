using System.Net.Mime;
using Aurion.Data.Ai;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Infrastructure.Storage;

namespace Aurion.Web.Ai.Images;

/// <summary>Keeps the files of pictures: in the storage where one is set, else in the database. What was kept in either stays readable.</summary>
public sealed partial class PictureArchive(PictureStore pictures, JobFailures failures, TimeProvider clock, ILogger<PictureArchive> logger, IObjectStorage? storage = null)
{
    /// <summary>
    /// Keeps the files and charges for the picture, once. Storage that refuses is reported to the operator and the database takes its place,
    /// since the provider has been paid.
    /// </summary>
    public async Task<PictureEnd> DeliverAsync(ClaimedPicture picture, PictureFile file, long? costMicrodollars, string? generationId)
    {
        var delivery = new PictureDelivery(picture.UserId, picture.Id, file.Picture, file.Thumbnail, file.Width, file.Height, costMicrodollars, generationId);
        if (storage is null)
            return await pictures.DeliverAsync(delivery);
        try
        {
            // Names of this attempt alone: another worker with the same picture must not replace what a person has seen.
            var keys = PictureKeys.Create(picture.UserId, picture.Id, clock.GetUtcNow());
            await pictures.ExpectObjectsAsync(keys);
            await storage.PutAsync(keys.Picture, file.Picture, MediaTypeNames.Image.Jpeg, CancellationToken.None);
            await storage.PutAsync(keys.Thumbnail, file.Thumbnail, MediaTypeNames.Image.Jpeg, CancellationToken.None);
            return await pictures.DeliverAsync(delivery, keys);
        }
        catch (StorageAwayException fault)
        {
            await failures.ReportAsync<DrawPicturesJob>($"storage of picture {picture.Id} of user {picture.UserId}, which the database keeps instead", fault);
            return await pictures.DeliverAsync(delivery);
        }
    }

    /// <summary>The bytes of a picture or of its thumbnail, for its owner; null when there is none such. Throws <see cref="StorageAwayException"/>.</summary>
    public async Task<byte[]?> FindAsync(Guid userId, Guid pictureId, string kind, CancellationToken ct) =>
        (await ListAsync(userId, [pictureId], kind, ct)).GetValueOrDefault(pictureId);

    /// <summary>The bytes of pictures or of their thumbnails, by id, of those that are there.</summary>
    public async Task<IReadOnlyDictionary<Guid, byte[]>> ListAsync(Guid userId, IReadOnlyCollection<Guid> ids, string kind, CancellationToken ct)
    {
        var found = new Dictionary<Guid, byte[]>();
        if (ids.Count == 0)
            return found;
        foreach (var file in await pictures.ListFilesAsync(userId, [.. ids], kind, ct))
            if ((file.Content ?? await FindObjectAsync(file.ObjectKey!, ct)) is { } content)
                found[file.PictureId] = content;
        return found;
    }

    /// <summary>An object of the storage; null, and an error in the log, when the storage has lost it.</summary>
    public async Task<byte[]?> FindObjectAsync(string key, CancellationToken ct)
    {
        if (storage is null)
            throw new StorageAwayException($"Object {key} lies in S3 storage, and S3_BUCKET is not set.");
        var content = await storage.FindAsync(key, ct);
        if (content is null)
            LogLost(key);
        return content;
    }

    [LoggerMessage(LogLevel.Error, "Object {Key} is missing in S3 storage: its picture is not shown any more")]
    private partial void LogLost(string key);
}
