using Aurion.Web.Infrastructure.Errors;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Infrastructure.Security;

/// <summary>What a page of another kind may load and who may frame it, instead of what holds for the site's own pages.</summary>
public sealed record ContentPolicy(string Text);

/// <summary>Another origin that this page frames.</summary>
public sealed record FramedOrigin(string Origin);

/// <summary>A page of a library whose elements have style attributes.</summary>
public sealed record InlineStyles;

/// <summary>Tells browsers to run our own code only, to frame the tools only, and to post to us or to the checkout only.</summary>
public static class SecurityHeaders
{
    public static void UseSecurityHeaders(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var policy = Policy(
            app.Services.GetRequiredService<SiteOptions>(),
            app.Services.GetRequiredService<StripeOptions>());

        app.Use((context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                Write(context, policy);
                return Task.CompletedTask;
            });
            return next(context);
        });
        app.UseCookiePolicy();
    }

    internal static string Policy(SiteOptions site, StripeOptions stripe) => string.Join("; ",
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        $"frame-src {site.ToolsOriginText}",
        $"form-action 'self' {CheckoutHosts(stripe.ApiBase)}",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'");

    // A form that answers with a redirect to the checkout needs its target allowed, too.
    private static string CheckoutHosts(Uri stripe) => stripe.Host == "api.stripe.com"
        ? "https://checkout.stripe.com https://billing.stripe.com https://invoice.stripe.com"
        : stripe.GetLeftPart(UriPartial.Authority);

    private static void Write(HttpContext context, string policy)
    {
        var headers = context.Response.Headers;
        var own = context.Features.Get<ContentPolicy>();
        if (context.Features.Get<FramedOrigin>() is { } framed)
            policy = policy.Replace("frame-src ", $"frame-src {framed.Origin} ", StringComparison.Ordinal);
        if (context.Features.Get<InlineStyles>() is not null)
            policy = policy.Replace("style-src ", "style-src 'unsafe-inline' ", StringComparison.Ordinal);
        headers.ContentSecurityPolicy = own?.Text ?? policy;
        headers.XContentTypeOptions = "nosniff";
        if (own is null)
            headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = own is null ? "strict-origin-when-cross-origin" : "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()";
        // What is said to one person stays out of shared and of old caches; assets have said otherwise already.
        if (headers.CacheControl.Count == 0)
            headers.CacheControl = ErrorPage.IsApi(context.Request.Path) ? "no-store" : "private, no-cache";
    }
}
