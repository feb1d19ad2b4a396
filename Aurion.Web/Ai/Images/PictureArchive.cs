using System.Net.Mime;
using Aurion.Data.Ai;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Infrastructure.Storage;

namespace Aurion.Web.Ai.Images;

/// <summary>Keeps the files of pictures: in the storage where one is set, else in the database. What was kept in either stays readable.</summary>
public sealed class PictureArchive(PictureStore pictures, JobFailures failures, TimeProvider clock, IObjectStorage? storage = null)
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
        await pictures.FindFileAsync(userId, pictureId, kind, ct) is { } file ? await ReadAsync(file.Content, file.ObjectKey, ct) : null;

    /// <summary>The bytes of a file as its row tells of it.</summary>
    public async Task<byte[]> ReadAsync(byte[]? content, string? objectKey, CancellationToken ct)
    {
        if (content is not null)
            return content;
        if (storage is null)
            throw new StorageAwayException($"Object {objectKey} lies in S3 storage, and S3_BUCKET is not set.");
        return await storage.FindAsync(objectKey!, ct) ?? throw new StorageAwayException($"Object {objectKey} is missing in S3 storage.");
    }
}
