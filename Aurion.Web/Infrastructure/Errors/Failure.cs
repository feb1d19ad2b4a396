using Aurion.Data.Infrastructure;
using Microsoft.AspNetCore.Diagnostics;

namespace Aurion.Web.Infrastructure.Errors;

/// <summary>What an exception means to the caller.</summary>
internal static class Failure
{
    private const string SecondsToWait = "5";

    public static int StatusOf(Exception exception) => exception switch
    {
        BadHttpRequestException refused => refused.StatusCode,
        UnavailableException or OperationCanceledException => StatusCodes.Status503ServiceUnavailable,
        _ when DatabaseFaults.IsUnavailable(exception) => StatusCodes.Status503ServiceUnavailable,
        _ when DatabaseFaults.IsUnreadableText(exception) => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status500InternalServerError,
    };

    public static Task DescribeAsync(HttpContext context)
    {
        if (context.Features.Get<IExceptionHandlerFeature>()?.Error is { } exception)
            context.Response.StatusCode = StatusOf(exception);
        if (context.Response.StatusCode == StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = SecondsToWait;
        return Task.CompletedTask;
    }
}
