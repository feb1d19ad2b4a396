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
        // What went well is the proxy's to count; at thousands a second it would cost more than the work itself.
        var level = status >= 500 ? LogLevel.Warning : status >= 400 ? LogLevel.Information : LogLevel.Debug;
        LogAnswered(level, context.Request.Method, route, status, milliseconds, context.TraceIdentifier);
    }

    [LoggerMessage("{Method} {Route} answered {Status} in {Milliseconds:0.0} ms, request {RequestId}")]
    private partial void LogAnswered(LogLevel level, string method, string route, int status, double milliseconds, string requestId);
}
