using System.Text;
using System.Text.Json;
using Aurion.Data.Account;
using Aurion.Web.Account.Identities;

namespace Aurion.Web.Account.Clerk;

/// <summary>
/// What Clerk tells of users and sessions. Each message counts once, an older one undoes no newer, and one that could not be applied is
/// answered with an error, so that it comes again.
/// </summary>
public sealed partial class ClerkWebhook(ClerkSignature signature, IdentityStore store, TimeProvider clock, ILogger<ClerkWebhook> logger)
{
    public const int LargestBody = 256 * 1024;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public async Task<IResult> ReceiveAsync(HttpRequest request, CancellationToken ct)
    {
        if (!signature.IsConfigured)
            return ApiProblem.Answer(StatusCodes.Status503ServiceUnavailable, "WEBHOOK_NOT_CONFIGURED", "Webhook secret missing",
                "Set CLERK_WEBHOOK_SIGNING_SECRET, then let Clerk deliver again.");
        if (await ReadAsync(request, ct) is not { } body)
            return Unreadable();
        if (signature.FindMessage(request.Headers, body) is not { } messageId)
            return ApiProblem.Answer(StatusCodes.Status400BadRequest, "SIGNATURE_INVALID", "Signature does not match",
                "The svix-signature header does not match this body, or is older than five minutes.");
        if (Read<Message>(body) is not { Type: { Length: > 0 } type, Data.ValueKind: JsonValueKind.Object } message)
            return Unreadable();

        var outcome = type switch
        {
            "user.created" or "user.updated" or "user.deleted" => await ApplyUserAsync(messageId, message, ct),
            "session.ended" or "session.removed" or "session.revoked" => await EndSessionsAsync(message, ct),
            _ => "ignored",
        };
        if (outcome is null)
            return Unreadable();
        LogReceived(type, messageId, outcome);
        return Results.Ok(new { received = true });
    }

    private async Task<string?> ApplyUserAsync(string messageId, Message message, CancellationToken ct)
    {
        if (Read<ClerkUser>(message.Data.GetRawText()) is not { Id: { Length: > 0 and <= 255 } } user)
            return null;
        var occurred = user.UpdatedAt ?? message.Timestamp;
        return await store.ApplyAsync(
            new IdentityEvent(messageId, message.Type!, user.Identity, null, Moment(occurred)), Guid.CreateVersion7(clock.GetUtcNow()), ct);
    }

    private async Task<string?> EndSessionsAsync(Message message, CancellationToken ct) =>
        Read<Session>(message.Data.GetRawText()) is { Id.Length: > 0, UserId.Length: > 0 } session
            ? $"{(await store.EndSessionsOfAsync(IdentityProviders.Clerk, session.UserId, session.Id, ct)).Count} ended"
            : null;

    private DateTimeOffset Moment(long? milliseconds) =>
        milliseconds is >= 0 and <= 253402300799999 and { } known ? DateTimeOffset.FromUnixTimeMilliseconds(known) : clock.GetUtcNow();

    private static IResult Unreadable() =>
        ApiProblem.Answer(StatusCodes.Status400BadRequest, "EVENT_UNREADABLE", "Not an event of Clerk", "The body is not the JSON of an event.");

    private static async Task<string?> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        try
        {
            using var reader = new StreamReader(request.Body, Strict);
            return await reader.ReadToEndAsync(ct);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static T? Read<T>(string json) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(LogLevel.Information, "Clerk event {Type} {ClerkEvent}: {Outcome}")]
    private partial void LogReceived(string type, string clerkEvent, string outcome);

    private sealed record Message(string? Type, JsonElement Data, long? Timestamp);

    private sealed record Session(string Id, string UserId);
}
