using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Aurion.Web.Tests.Ai;

/// <summary>
/// One bucket of S3 as storage of other providers has it: signatures of version 4 are verified over the whole request
/// (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html), the bucket is named in the path, chunked bodies and
/// the newer checksums are refused.
/// </summary>
internal sealed class S3StandIn : IAsyncDisposable
{
    public const string Bucket = "pictures-of-aurion";
    public const string Region = "eu-test-1";
    public const string AccessKeyId = "AKIDTESTS";
    public const string SecretAccessKey = "secret+of/the tests";

    private readonly WebApplication app;

    private S3StandIn()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(ServeAsync);
    }

    public Uri Address => new(app.Urls.Single());

    public ConcurrentDictionary<string, byte[]> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Answers nothing but 503 while it is set.</summary>
    public bool IsAway { get; set; }

    /// <summary>What it refused, with the reason.</summary>
    public ConcurrentQueue<string> Refused { get; } = new();

    public static async Task<S3StandIn> StartAsync()
    {
        var storage = new S3StandIn();
        await storage.app.StartAsync();
        return storage;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task ServeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var content = body.ToArray();
        if (IsAway)
        {
            await AnswerAsync(http, HttpStatusCode.ServiceUnavailable, "SlowDown");
            return;
        }
        if (FaultOf(http, content) is { } fault)
        {
            Refused.Enqueue($"{http.Request.Method} {http.Request.Path}: {fault}");
            await AnswerAsync(http, fault == "NoSuchBucket" ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden, fault);
            return;
        }
        var key = Uri.UnescapeDataString(http.Request.Path.Value![(Bucket.Length + 2)..]);
        switch (http.Request.Method)
        {
            case "PUT":
                Objects[key] = content;
                http.Response.Headers.ETag = $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..32]}\"";
                break;
            case "GET" when Objects.TryGetValue(key, out var found):
                http.Response.ContentType = "image/jpeg";
                http.Response.ContentLength = found.Length;
                await http.Response.Body.WriteAsync(found);
                break;
            case "GET":
                await AnswerAsync(http, HttpStatusCode.NotFound, "NoSuchKey");
                break;
            case "DELETE":
                Objects.TryRemove(key, out _);
                http.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            default:
                await AnswerAsync(http, HttpStatusCode.MethodNotAllowed, "MethodNotAllowed");
                break;
        }
    }

    private static async Task AnswerAsync(HttpContext http, HttpStatusCode status, string code)
    {
        http.Response.StatusCode = (int)status;
        http.Response.ContentType = "application/xml";
        await http.Response.WriteAsync($"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code><Message>{code}</Message></Error>");
    }

    private static string? FaultOf(HttpContext http, byte[] content)
    {
        var headers = http.Request.Headers;
        if (headers.Keys.Any(name => name.StartsWith("x-amz-checksum-", StringComparison.OrdinalIgnoreCase) || name is "x-amz-sdk-checksum-algorithm" or "x-amz-trailer"))
            return "NotImplemented";
        if (headers["x-amz-content-sha256"] != Convert.ToHexStringLower(SHA256.HashData(content)))
            return "XAmzContentSHA256Mismatch";
        var authorization = headers.Authorization.ToString();
        if (!authorization.StartsWith("AWS4-HMAC-SHA256 ", StringComparison.Ordinal))
            return "AccessDenied";
        var parts = authorization["AWS4-HMAC-SHA256 ".Length..].Split(',').Select(part => part.Trim().Split('=', 2)).ToDictionary(part => part[0], part => part[1], StringComparer.Ordinal);
        if (parts["Credential"].Split('/') is not [AccessKeyId, var day, Region, "s3", "aws4_request"])
            return "InvalidAccessKeyId";
        if (!DateTimeOffset.TryParseExact(headers["x-amz-date"], "yyyyMMddTHHmmssZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var signed)
            || signed.ToString("yyyyMMdd", CultureInfo.InvariantCulture) != day || (TimeProvider.System.GetUtcNow() - signed).Duration() > TimeSpan.FromMinutes(15))
            return "RequestTimeTooSkewed";
        var names = parts["SignedHeaders"].Split(';');
        if (headers.Keys.Select(name => name.ToLowerInvariant()).Where(name => name == "host" || name.StartsWith("x-amz-", StringComparison.Ordinal)).Except(names).Any())
            return "AccessDenied";
        var target = http.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?', 2);
        var query = string.Join('&', (target.Length > 1 ? target[1] : "").Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Contains('=', StringComparison.Ordinal) ? pair : pair + "=").Order(StringComparer.Ordinal));
        var canonical = string.Join('\n', [http.Request.Method, target[0], query, .. names.Select(name => $"{name}:{headers[name].ToString().Trim()}"), "", parts["SignedHeaders"], headers["x-amz-content-sha256"].ToString()]);
        var toSign = $"AWS4-HMAC-SHA256\n{headers["x-amz-date"]}\n{day}/{Region}/s3/aws4_request\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = new[] { day, Region, "s3", "aws4_request", toSign }.Aggregate(Encoding.UTF8.GetBytes("AWS4" + SecretAccessKey), (secret, text) => HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(text)));
        if (Convert.ToHexStringLower(key) != parts["Signature"])
            return "SignatureDoesNotMatch";
        return http.Request.Path.StartsWithSegments("/" + Bucket, StringComparison.Ordinal) ? null : "NoSuchBucket";
    }
}
