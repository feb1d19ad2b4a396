using System.Runtime.ExceptionServices;
using Aurion.Data.Ai;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Infrastructure.Storage;

namespace Aurion.Web.Ai.Images;

/// <summary>Deletes the objects of pictures that were deleted, and those that never became a picture. What fails is tried again later; when everything fails, the run does.</summary>
public sealed class DeleteUnusedObjectsJob(PictureStore pictures, IObjectStorage? storage = null) : IJob
{
    private const int Together = 100;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);

    public async Task RunAsync(CancellationToken ct)
    {
        while (await pictures.ClaimUnusedObjectsAsync(Together, Lease, ct) is { Count: > 0 } keys)
        {
            var (deleted, fault) = (0, (StorageAwayException?)null);
            foreach (var key in keys)
            {
                try
                {
                    await (storage ?? throw new StorageAwayException("Objects of deleted pictures lie in S3 storage, and S3_BUCKET is not set.")).DeleteAsync(key, ct);
                    await pictures.ForgetObjectAsync(key, ct);
                    deleted++;
                }
                catch (StorageAwayException away)
                {
                    fault = away;
                }
            }
            if (deleted == 0)
                ExceptionDispatchInfo.Throw(fault!);
        }
    }
}
