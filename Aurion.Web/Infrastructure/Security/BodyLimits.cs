using Microsoft.AspNetCore.Http.Metadata;

namespace Aurion.Web.Infrastructure.Security;

/// <summary>Nobody needs more than 64 kB to talk to us, except who says so with <c>[RequestSizeLimit]</c>.</summary>
public static class BodyLimits
{
    public const long Default = 64 * 1024;

    public static void AddBodyLimits(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Default;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        });
    }

    /// <summary>Refuses a declared length at once; what comes in chunks is stopped by the server at the same limit.</summary>
    public static void UseBodyLimits(this WebApplication app) => app.Use((context, next) =>
    {
        var limit = context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>() is { } own ? own.MaxRequestBodySize : Default;
        if (context.Request.ContentLength is not { } length || limit is null || length <= limit)
            return next(context);

        context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
        return Task.CompletedTask;
    });
}
