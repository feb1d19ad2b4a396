using System.Globalization;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.AspNetCore.WebUtilities;

namespace Aurion.Web.Infrastructure.Errors;

/// <summary>Gives an empty answer of 400 or more its body.</summary>
internal static class ErrorPage
{
    public static async Task AnswerAsync(StatusCodeContext context)
    {
        var http = context.HttpContext;
        if (IsApi(http.Request.Path))
            await http.RequestServices.GetRequiredService<IProblemDetailsService>().WriteAsync(new() { HttpContext = http });
        else if (!await TryPageAsync(http, context.Next))
            await WritePlainAsync(http);
    }

    public static bool IsApi(PathString path) => path.StartsWithSegments("/api");

    /// <summary>True for the page of an error and for files: what is answered whoever asks and whatever has failed.</summary>
    public static bool IsPageOrFile(HttpContext http) =>
        http.Features.Get<IStatusCodeReExecuteFeature>() is not null
        || http.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null;

    /// <summary>Runs the pipeline again as a GET of /Status/{code}; the page itself may need what has just failed.</summary>
    private static async Task<bool> TryPageAsync(HttpContext http, RequestDelegate next)
    {
        var (path, query, method, status) = (http.Request.Path, http.Request.QueryString, http.Request.Method, http.Response.StatusCode);
        http.Features.Set<IStatusCodeReExecuteFeature>(new StatusCodeReExecuteFeature
        {
            OriginalPath = path,
            OriginalPathBase = http.Request.PathBase,
            OriginalQueryString = query.Value,
            Endpoint = http.GetEndpoint(),
            RouteValues = http.Features.Get<IRouteValuesFeature>()?.RouteValues,
        });
        http.SetEndpoint(null);
        http.Features.Get<IRouteValuesFeature>()?.RouteValues?.Clear();
        (http.Request.Path, http.Request.QueryString, http.Request.Method) =
            ($"/Status/{status.ToString(CultureInfo.InvariantCulture)}", QueryString.Empty, HttpMethods.Get);
        try
        {
            await next(http);
            return http.Response.HasStarted || http.Response.ContentLength is > 0;
        }
        catch (Exception exception) when (!http.Response.HasStarted && Failure.StatusOf(exception) >= 500)
        {
            return false;
        }
        finally
        {
            (http.Request.Path, http.Request.QueryString, http.Request.Method) = (path, query, method);
            if (!http.Response.HasStarted)
                http.Response.StatusCode = status;
        }
    }

    /// <summary>Says what happened without layout, database or session.</summary>
    private static Task WritePlainAsync(HttpContext http)
    {
        var status = http.Response.StatusCode;
        var reason = HtmlEncoder.Default.Encode(ReasonPhrases.GetReasonPhrase(status));
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync($"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{status} {reason} · AURION</title></head>
            <body><main><h1>{reason}</h1><p>Please try again in a few seconds. Nothing was charged.</p>
            <p lang="fr">Veuillez réessayer dans quelques secondes. Rien ne vous a été débité.</p><p><a href="/">AURION</a></p></main></body>
            </html>
            """);
    }
}
