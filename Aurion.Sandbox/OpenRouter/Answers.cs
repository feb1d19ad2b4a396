namespace Aurion.Sandbox.OpenRouter;

internal static class Answers
{
    /// <summary>An error in OpenRouter's shape: the HTTP status is repeated as the code.</summary>
    public static IResult Error(int status, string message, object? metadata = null) => Results.Json(
        metadata is null ? new { error = new { code = status, message } } : (object)new { error = new { code = status, message, metadata } }, statusCode: status);
}
