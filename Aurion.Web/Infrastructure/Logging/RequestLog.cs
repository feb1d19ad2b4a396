using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;

namespace Aurion.Web.Infrastructure.Logging;

/// <summary>One line a request, with the route and never the path or query, which may hold a person's data.</summary>
public sealed partial class RequestLog(RequestDelegate next, ILogger<RequestLog> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var start = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            Write(context, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
    }

    private void Write(HttpContext context, double milliseconds)
    {
        // Once an error page has been drawn, the endpoint that failed is found in its feature.
        var endpoint = context.Features.Get<IStatusCodeReExecuteFeature>()?.Endpoint ?? context.GetEndpoint();
        var route = (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "(none)";
        var status = context.Response.StatusCode;
        if (status >= 500)
            LogFailed(context.Request.Method, route, status, milliseconds, context.TraceIdentifier);
        else
            LogAnswered(context.Request.Method, route, status, milliseconds, context.TraceIdentifier);
    }

    [LoggerMessage(LogLevel.Information, "{Method} {Route} answered {Status} in {Milliseconds:0.0} ms, request {RequestId}")]
    private partial void LogAnswered(string method, string route, int status, double milliseconds, string requestId);

    [LoggerMessage(LogLevel.Warning, "{Method} {Route} failed with {Status} after {Milliseconds:0.0} ms, request {RequestId}")]
    private partial void LogFailed(string method, string route, int status, double milliseconds, string requestId);
}
