namespace Aurion.Web.Infrastructure.Settings;

/// <summary>S3-compatible storage, where the files of new pictures are kept instead of the database.</summary>
public sealed class StorageOptions
{
    [Setting("S3_BUCKET", "the bucket of S3-compatible storage that keeps the files of new pictures; without it the database keeps them", "your storage provider; optional")]
    public string Bucket { get; init; } = "";

    [Setting("S3_ENDPOINT", "the address of the storage, without the bucket", "your storage provider; for Amazon https://s3.eu-west-3.amazonaws.com with your region", Example = "https://s3.eu-west-3.amazonaws.com")]
    [Scheme("https", "http")]
    [TogetherWith(nameof(Bucket))]
    public Uri? Endpoint { get; init; }

    [Setting("S3_REGION", "the region for which requests are signed", "your storage provider; us-east-1 when empty, which storage without regions accepts")]
    public string Region { get; init; } = "us-east-1";

    [Setting("S3_ACCESS_KEY_ID", "names the key that may read, write and delete in the bucket", "your storage provider")]
    [TogetherWith(nameof(Bucket))]
    public string AccessKeyId { get; init; } = "";

    [Setting("S3_SECRET_ACCESS_KEY", "signs the requests to the storage", "beside the access key's id")]
    [TogetherWith(nameof(Bucket))]
    public string SecretAccessKey { get; init; } = "";
}
