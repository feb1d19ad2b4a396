using Aurion.Web.Infrastructure.Errors;
using Aurion.Web.Infrastructure.Settings;
using Microsoft.AspNetCore.Antiforgery;

namespace Aurion.Web.Infrastructure.Security;

/// <summary>An API call that writes and is signed in by cookie carries the antiforgery token; a bearer token is proof enough.</summary>
public static class CrossSiteGuard
{
    public static void AddAntiforgeryCookie(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddAntiforgery();
        builder.Services.AddOptions<AntiforgeryOptions>().Configure<SiteOptions>((options, site) =>
        {
            options.Cookie.Name = site.CookieName("aurion-csrf");
            options.Cookie.Path = "/";
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.HeaderName = "RequestVerificationToken";
            options.SuppressXFrameOptionsHeader = true;
        });
    }

    public static void UseCrossSiteGuard(this WebApplication app)
    {
        var antiforgery = app.Services.GetRequiredService<IAntiforgery>();
        app.Use(async (context, next) =>
        {
            if (NeedsToken(context) && !await antiforgery.IsRequestValidAsync(context))
            {
                await ApiProblem.Answer(StatusCodes.Status400BadRequest, "ANTIFORGERY_FAILED", "Antiforgery token required",
                    "Send the page's token in the RequestVerificationToken header, or use a bearer token.").ExecuteAsync(context);
                return;
            }
            await next(context);
        });
    }

    private static bool NeedsToken(HttpContext context) =>
        ErrorPage.IsApi(context.Request.Path)
        && context.User.Identity is { IsAuthenticated: true }
        && !context.Request.Headers.ContainsKey("Authorization")
        && !(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || HttpMethods.IsOptions(context.Request.Method))
        && context.GetEndpoint()?.Metadata.GetMetadata<IAntiforgeryMetadata>() is not { RequiresValidation: false };
}
