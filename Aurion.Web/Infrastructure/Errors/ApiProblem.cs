using Microsoft.AspNetCore.WebUtilities;

namespace Aurion.Web.Infrastructure.Errors;

/// <summary>An error of the API: RFC 9457 problem details that also carry <c>error</c>, <c>code</c> and <c>message</c>.</summary>
public static class ApiProblem
{
    /// <summary>Answers one refusal; <paramref name="members"/> are added at top level.</summary>
    public static IResult Answer(
        int status, string code, string error, string? message = null, params ReadOnlySpan<(string Name, object? Value)> members)
    {
        var extensions = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["error"] = error,
            ["code"] = code,
            ["message"] = message ?? error,
        };
        foreach (var (name, value) in members)
            extensions[name] = value;
        return Results.Problem(title: error, detail: message, statusCode: status, extensions: extensions);
    }

    /// <summary>Gives every problem the three members, whoever wrote it.</summary>
    internal static void Complete(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        var status = problem.Status ??= context.HttpContext.Response.StatusCode;
        var (code, error, message) = Words(status);
        problem.Extensions.TryAdd("error", problem.Title is { } title && title != ReasonPhrases.GetReasonPhrase(status) ? title : error);
        problem.Extensions.TryAdd("code", code);
        problem.Extensions.TryAdd("message", problem.Detail ?? message);
        problem.Extensions.TryAdd("requestId", context.HttpContext.TraceIdentifier);
    }

    private static (string Code, string Error, string Message) Words(int status) => status switch
    {
        400 => ("BAD_REQUEST", "Bad request", "The request could not be read. Check its JSON and its fields."),
        401 => ("AUTHENTICATION_FAILED", "Authentication required", "Sign in, or send a valid bearer token."),
        403 => ("FORBIDDEN", "Forbidden", "This account may not do that."),
        404 => ("NOT_FOUND", "Not found", "There is nothing at this address."),
        405 => ("METHOD_NOT_ALLOWED", "Method not allowed", "This address answers another method; see the Allow header."),
        408 => ("REQUEST_TIMEOUT", "Request timeout", "The request took too long to arrive."),
        413 => ("PAYLOAD_TOO_LARGE", "Payload too large", "The request is larger than this address accepts."),
        415 => ("UNSUPPORTED_MEDIA_TYPE", "Unsupported media type", "Send application/json."),
        422 => ("UNPROCESSABLE", "Unprocessable", "The request is well formed but cannot be carried out."),
        429 => ("RATE_LIMITED", "Too many requests", "Wait as long as the Retry-After header says, then try again."),
        503 => ("SERVICE_UNAVAILABLE", "Service unavailable", "Try again in a few seconds. Nothing was charged."),
        >= 500 => ("INTERNAL_ERROR", "Internal error", "Something went wrong on our side. Quote the request id if you write to us."),
        _ => ("ERROR", ReasonPhrases.GetReasonPhrase(status), ReasonPhrases.GetReasonPhrase(status)),
    };
}
