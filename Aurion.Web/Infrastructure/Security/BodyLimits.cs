using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace Aurion.Web.Infrastructure.Security;

/// <summary>Lets a page or an endpoint read more than others. Unlike the framework's attribute it is no filter of pages, which would come when the form has been read.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class LargeBodyAttribute(long bytes) : Attribute, IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize => bytes;
}

/// <summary>Nobody needs more than 64 kB to talk to us, except who says so with <c>[LargeBody]</c>.</summary>
public static class BodyLimits
{
    public const long Default = 64 * 1024;

    // Many clients look for an answer only once they have sent everything, so the server swallows this much of what is refused.
    private const long Swallowed = 2 * 1024 * 1024;

    public static void AddBodyLimits(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Swallowed;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        });
    }

    public static void UseBodyLimits(this WebApplication app) => app.Use((context, next) =>
    {
        var limit = context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize ?? Default;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = Math.Max(limit, Swallowed);

        if (context.Request.ContentLength > limit)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return Task.CompletedTask;
        }
        if (context.Request.ContentLength is null && context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
            context.Request.Body = new LimitedBody(context.Request.Body, limit);
        return next(context);
    });
}
