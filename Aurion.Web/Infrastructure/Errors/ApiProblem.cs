using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.WebUtilities;

namespace Aurion.Web.Infrastructure.Errors;

/// <summary>
/// An error of the API: RFC 9457 problem details that also carry <c>error</c>, <c>code</c> and <c>message</c>. Title, detail
/// and message are for people and follow their language; code and error are for programs and never change.
/// </summary>
public static class ApiProblem
{
    /// <summary>Answers one refusal, said in English; <paramref name="members"/> are added at top level.</summary>
    public static IResult Answer(
        int status, string code, string error, ApiMessage? message = null, params ReadOnlySpan<(string Name, object? Value)> members) =>
        new Refusal(status, code, error, message, members.ToArray());

    /// <summary>Gives every problem the three members and the caller's language, whoever wrote it.</summary>
    internal static void Complete(ProblemDetailsContext context)
    {
        var (http, problem) = (context.HttpContext, context.ProblemDetails);
        problem.Extensions.TryAdd("requestId", http.TraceIdentifier);
        if (problem.Extensions.ContainsKey("code"))
            return;
        var status = problem.Status ??= http.Response.StatusCode;
        var (code, error, message) = http.Features.Get<IExceptionHandlerFeature>()?.Error is UnavailableException away
            ? (away.ApiCode, away.ApiError, away.Sentence)
            : Words(status);
        (problem.Extensions["error"], problem.Extensions["code"], problem.Extensions["message"]) = (error, code, ApiWords.Say(http, message));
        problem.Title = ApiWords.Say(http, error);
    }

    private sealed record Refusal(int Status, string Code, string Error, ApiMessage? Message, IReadOnlyList<(string Name, object? Value)> Members) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var title = ApiWords.Say(httpContext, Error);
            var detail = Message is { } message ? ApiWords.Say(httpContext, message.English, message.Values) : null;
            var extensions = new Dictionary<string, object?>(StringComparer.Ordinal) { ["error"] = Error, ["code"] = Code, ["message"] = detail ?? title };
            foreach (var (name, value) in Members)
                extensions[name] = value;
            return Results.Problem(title: title, detail: detail, statusCode: Status, extensions: extensions).ExecuteAsync(httpContext);
        }
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

/// <summary>An English sentence of the API with places for values.</summary>
public sealed record ApiMessage(string English, params object[] Values)
{
    [return: NotNullIfNotNull(nameof(english))]
    public static implicit operator ApiMessage?(string? english) => english is null ? null : new(english);
}
