using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Infrastructure.Storage;

/// <summary>
/// One bucket of S3 or of storage that speaks as it does. The bucket is named in the path, and checksums are sent only where S3 demands
/// them: other providers know neither bucket names in the host nor the newer checksums
/// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-dataintegrity.html).
/// </summary>
public sealed class S3Storage(StorageOptions options) : IObjectStorage, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly AmazonS3Client client = new(new BasicAWSCredentials(options.AccessKeyId, options.SecretAccessKey), new AmazonS3Config
    {
        ServiceURL = options.Endpoint!.ToString(),
        AuthenticationRegion = options.Region,
        ForcePathStyle = true,
        RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        Timeout = Patience,
    });

    public async Task PutAsync(string key, byte[] content, string contentType, CancellationToken ct)
    {
        using var body = new MemoryStream(content, writable: false);
        await AskAsync(() => client.PutObjectAsync(
            new PutObjectRequest { BucketName = options.Bucket, Key = key, InputStream = body, ContentType = contentType, UseChunkEncoding = false }, ct), ct);
    }

    public async Task<byte[]?> FindAsync(string key, CancellationToken ct) => await AskAsync<byte[]?>(async () =>
    {
        try
        {
            using var answer = await client.GetObjectAsync(options.Bucket, key, ct);
            using var content = new MemoryStream((int)answer.ContentLength);
            await answer.ResponseStream.CopyToAsync(content, ct);
            return content.ToArray();
        }
        catch (AmazonS3Exception none) when (none is { StatusCode: HttpStatusCode.NotFound, ErrorCode: "NoSuchKey" })
        {
            return null;
        }
    }, ct);

    public Task DeleteAsync(string key, CancellationToken ct) => AskAsync(() => client.DeleteObjectAsync(options.Bucket, key, ct), ct);

    public void Dispose() => client.Dispose();

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken ct)
    {
        try
        {
            return await ask();
        }
        catch (Exception fault) when (!ct.IsCancellationRequested && fault is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or OperationCanceledException)
        {
            throw new StorageAwayException($"S3 storage: {(fault as AmazonServiceException)?.ErrorCode ?? fault.GetType().Name}: {fault.Message}", fault);
        }
    }
}
