using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aurion.Sandbox.Look;

/// <summary>What the stand-ins' pages share.</summary>
internal static class Page
{
    /// <summary>Own files only, no foreign frame, no referrer; a page that needs otherwise says so itself.</summary>
    public static void UsePageHeaders(this WebApplication app, string frameAncestors = "'self'", string formAction = "'self'") => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'self'; form-action {formAction}; base-uri 'none'; frame-ancestors {frameAncestors}";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        return next(context);
    });

    public static IResult Html(string html, int status = 200) => Results.Text(html, "text/html; charset=utf-8", statusCode: status);

    /// <summary>A page written in Razor.</summary>
    public static IResult Show<TPage>(object parameters, int status = 200) where TPage : IComponent =>
        new RazorComponentResult<TPage>(parameters) { StatusCode = status, PreventStreamingRendering = true };
}
