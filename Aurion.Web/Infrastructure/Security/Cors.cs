using Aurion.Web.Infrastructure.Errors;
using Aurion.Web.Infrastructure.Settings;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Net.Http.Headers;

namespace Aurion.Web.Infrastructure.Security;

/// <summary>Who may call the API from another origin: the allow-list, with bearer tokens and never with cookies.</summary>
public static class Cors
{
    public static void AddCorsAllowList(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddCors();
        builder.Services.AddOptions<CorsOptions>().Configure<SiteOptions>((cors, site) =>
            cors.AddDefaultPolicy(policy => Shape(policy.WithOrigins([.. site.AllowedOrigins.Select(origin => origin.TrimEnd('/'))]))));
    }

    public static void UseCorsAllowList(this WebApplication app) =>
        app.UseWhen(context => ErrorPage.IsApi(context.Request.Path), api => api.UseCors());

    /// <summary>What a call from an allowed origin may be.</summary>
    public static void Shape(CorsPolicyBuilder policy) => policy
        .WithMethods(HttpMethods.Get, HttpMethods.Post)
        .WithHeaders(HeaderNames.Authorization, HeaderNames.ContentType, "Idempotency-Key")
        .WithExposedHeaders(HeaderNames.RetryAfter)
        .SetPreflightMaxAge(TimeSpan.FromMinutes(10));
}
