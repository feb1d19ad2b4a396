namespace Aurion.Sandbox.Clerk;

/// <summary>JSON as Clerk sends it: without a charset, which its own client does not read, and errors in a list.</summary>
internal static class ClerkAnswers
{
    public static IResult Ok(object body) => Results.Json(body, contentType: "application/json");

    public static IResult NotFound(string kind, string id) =>
        Error(404, "resource_not_found", "not found", $"No {kind} was found with id {id}");

    public static IResult Missing(string parameter) =>
        Error(422, "form_param_missing", "is missing", $"{parameter} must be included.", new { param_name = parameter });

    public static IResult Error(int status, string code, string message, string? longMessage = null, object? meta = null)
    {
        var error = meta is null
            ? (object)new { message, long_message = longMessage ?? message, code }
            : new { message, long_message = longMessage ?? message, code, meta };
        return Results.Json(new { errors = new[] { error }, clerk_trace_id = ClerkStore.NewId("") }, contentType: "application/json", statusCode: status);
    }
}
