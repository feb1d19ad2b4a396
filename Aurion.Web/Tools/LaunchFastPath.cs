using System.Buffers;
using System.Text.Json;
using Aurion.Web.Account.Sessions;
using Aurion.Web.Infrastructure;
using Aurion.Web.Infrastructure.Security;
using Aurion.Web.Infrastructure.Settings;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Aurion.Web.Tools;

/// <summary>
/// Serves the API call that programs make most before routing and all that follows it: a launch with a cached bearer token, without
/// Origin and Idempotency-Key. It answers a launch that succeeded, as <see cref="ToolEndpoints"/> does; every refusal is theirs.
/// </summary>
public sealed class LaunchFastPath(
    RequestDelegate next, TokenCache tokens, ToolLauncher launcher, ToolFrames frames, MinuteLimiter limiter, SiteOptions site, IOptions<JsonOptions> json)
{
    private const string Scheme = "Bearer ";
    private const int LongestBody = 1024;
    private static readonly RateLimits.AlreadyCounted AlreadyCounted = new();

    private readonly JsonSerializerOptions json = json.Value.SerializerOptions;

    public Task InvokeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var headers = context.Request.Headers;
        return context.Request.Path.Value == ToolEndpoints.LaunchPath && HttpMethods.IsPost(context.Request.Method) && site.Maintenance != "on"
            && headers.Authorization is [{ } authorization] && authorization.StartsWith(Scheme, StringComparison.Ordinal)
            && context.Request.ContentLength is > 0 and <= LongestBody && headers.ContentType is ["application/json" or "application/json; charset=utf-8"]
            && headers.Origin.Count == 0 && headers.Cookie.Count == 0 && headers["Idempotency-Key"].Count == 0 && !site.IsToolsHost(context.Request.Host)
            && tokens.Find(authorization[Scheme.Length..]) is { } holder && LanguageOf(holder, headers) is { } language
            ? LaunchAsync(context, holder, language)
            : next(context);
    }

    private async Task LaunchAsync(HttpContext context, TokenHolder holder, string language)
    {
        var reader = context.Request.BodyReader;
        var body = (await reader.ReadAtLeastAsync((int)context.Request.ContentLength!, context.RequestAborted)).Buffer;
        var input = Read(body);
        // Nothing is consumed: whoever comes next reads it again.
        reader.AdvanceTo(body.Start, body.End);
        if (input?.ToolId is not { } toolId || await frames.FindAsync(toolId, context.RequestAborted) is not { } tool
            || !limiter.Take(new(ToolEndpoints.LaunchPath, holder.UserId.ToString(), ToolEndpoints.LaunchesPerMinute)).IsAcquired)
        {
            await next(context);
            return;
        }

        var result = await launcher.LaunchAsync(holder.UserId, holder.SessionId, toolId, null, input.NewSession, context.RequestAborted);
        if (result is LaunchResult.Launched launched)
        {
            context.Response.Headers.ContentLanguage = language;
            await context.Response.WriteAsJsonAsync(ToolEndpoints.AnswerOf(launched, frames.UrlOf(tool)), json, context.RequestAborted);
            return;
        }
        // The endpoint says it in the caller's language, and asks for nothing again.
        context.Features.Set(AlreadyCounted);
        context.Features.Set(new Refusal(result));
        await next(context);
    }

    /// <summary>What the launch that this request asks for came to.</summary>
    internal sealed record Refusal(LaunchResult Result);

    private ToolEndpoints.AccessInput? Read(ReadOnlySequence<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            var input = JsonSerializer.Deserialize<ToolEndpoints.AccessInput>(ref reader, json);
            return reader.Read() ? null : input;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // As UseRequestLocalization decides for a request without cookies; null where it would have to choose.
    private static string? LanguageOf(TokenHolder holder, IHeaderDictionary headers) =>
        Localization.IsSupported(holder.Language) ? holder.Language : headers.AcceptLanguage.Count == 0 ? Localization.Cultures[0].Name : null;
}
