using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace Aurion.Web.Infrastructure.Pages;

/// <summary>Marks a page that every visitor sees alike, but for the antiforgery token in its forms.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SameForVisitorsAttribute : Attribute;

/// <summary>
/// Renders such a page once a second for each language and theme; whoever visits meanwhile gets it with a token of their own.
/// The framework's output cache cannot: a page that sets a cookie is none of its.
/// </summary>
public sealed class VisitorPages(RequestDelegate next, IAntiforgery antiforgery, TimeProvider clock)
{
    private static readonly TimeSpan For = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string Path, string Language, string Theme), Rendering> known = [];

    public async Task InvokeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!IsShared(context))
        {
            await next(context);
            return;
        }

        var page = (context.Request.Path.Value!, CultureInfo.CurrentUICulture.Name, context.Request.ChosenTheme());
        if (!known.TryGetValue(page, out var rendering) || clock.GetElapsedTime(rendering.At) >= For)
        {
            if (await RenderAsync(context) is not { } rendered)
                return;
            rendering = known[page] = rendered;
        }
        await WriteAsync(context.Response, rendering, Encoding.UTF8.GetBytes(Token(context)));
    }

    // A word that waits for its reader makes the page that reader's own, and so may a query.
    private static bool IsShared(HttpContext context) =>
        context.GetEndpoint() is RouteEndpoint endpoint && endpoint.Metadata.GetMetadata<SameForVisitorsAttribute>() is not null
        && HttpMethods.IsGet(context.Request.Method)
        && context.User.Identity is not { IsAuthenticated: true }
        && !context.Request.QueryString.HasValue
        && !context.Request.Headers.ContainsKey("HX-Request")
        && IsSpelledAsOurs(context.Request.Path.Value, endpoint.RoutePattern.RawText)
        && !context.Request.Cookies.ContainsKey(CookieTempDataProvider.CookieName);

    // Pages name the address that was asked for, and routes know no case.
    private static bool IsSpelledAsOurs(string? path, string? route) =>
        path is ['/', .. var rest] && rest.Equals(route?.TrimStart('/'), StringComparison.OrdinalIgnoreCase) && !rest.AsSpan().ContainsAnyInRange('A', 'Z');

    /// <summary>Null when the answer is not the page, and has been given.</summary>
    private async Task<Rendering?> RenderAsync(HttpContext context)
    {
        using var buffer = await context.BufferAsync(next);
        if (context.Response.StatusCode == StatusCodes.Status200OK)
            return new Rendering(clock.GetTimestamp(), [.. Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length).Split(Token(context)).Select(Encoding.UTF8.GetBytes)]);

        await buffer.CopyToAsync(context.Response.Body, context.RequestAborted);
        return null;
    }

    private string Token(HttpContext context) => antiforgery.GetAndStoreTokens(context).RequestToken!;

    private static async Task WriteAsync(HttpResponse response, Rendering rendering, byte[] token)
    {
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = rendering.Parts.Sum(part => part.Length) + ((rendering.Parts.Length - 1) * token.Length);
        for (var i = 0; i < rendering.Parts.Length; i++)
        {
            if (i > 0)
                response.BodyWriter.Write(token);
            response.BodyWriter.Write(rendering.Parts[i]);
        }
        await response.BodyWriter.FlushAsync(response.HttpContext.RequestAborted);
    }

    /// <summary>The page without its tokens, cut where they belong.</summary>
    private sealed record Rendering(long At, byte[][] Parts);
}
