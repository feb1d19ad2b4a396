using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aurion.Data.Ai;
using StandardWebhooks;

namespace Aurion.Web.Ai.Images;

/// <summary>
/// Takes Freepik's signed messages about a picture (https://www.standardwebhooks.com). One is a hint: it tells that there is something to
/// look at, and what that is, is asked of Freepik itself.
/// </summary>
public sealed class FreepikWebhook(FreepikOptions options, PictureStore pictures, JobQueue jobs, TimeProvider clock)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    // A secret of the standard's form is base64; Freepik's dashboard may show a plain one.
    private readonly StandardWebhook? signer = options.WebhookSecret switch
    {
        "" => null,
        var secret when secret.StartsWith("whsec_", StringComparison.Ordinal) => new StandardWebhook(secret),
        var secret => new StandardWebhook(Encoding.UTF8.GetBytes(secret)),
    };

    public async Task<IResult> ReceiveAsync(Guid userId, Guid pictureId, HttpRequest request, CancellationToken ct)
    {
        if (signer is null)
            return ApiProblem.Answer(StatusCodes.Status503ServiceUnavailable, "WEBHOOK_NOT_CONFIGURED", "Webhook secret missing", "Set FREEPIK_WEBHOOK_SECRET.");
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(ct);
        if (!Matches(request.Headers, body))
            return ApiProblem.Answer(StatusCodes.Status400BadRequest, "SIGNATURE_INVALID", "Signature does not match",
                "The webhook-signature header does not match this body, or is older than five minutes.");
        if (Read(body) is not { TaskId: { Length: > 0 and <= 200 } task } told)
            return ApiProblem.Answer(StatusCodes.Status400BadRequest, "EVENT_UNREADABLE", "Not a task", "The body is not the JSON of a task.");
        if (await pictures.NoteTaskAsync(userId, pictureId, task, hasEnded: told.Status is "COMPLETED" or "FAILED", ct))
            await jobs.WakeAsync<DrawPicturesJob>(ct);
        return Results.Ok(new { received = true });
    }

    // By our own clock: the library's signing is used, its own verification knows no other clock than the machine's.
    private bool Matches(IHeaderDictionary headers, string body)
    {
        var (id, time) = (headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString());
        if (id.Length == 0 || !long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > 253402300799)
            return false;
        var at = DateTimeOffset.FromUnixTimeSeconds(seconds);
        if ((clock.GetUtcNow() - at).Duration() > Tolerance)
            return false;
        var expected = Encoding.UTF8.GetBytes(signer!.Sign(id, at, body));
        return headers["webhook-signature"].ToString().Split(' ').Any(given => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), expected));
    }

    private static Told? Read(string body)
    {
        try
        {
            return JsonSerializer.Deserialize<Told>(body, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private sealed record Told(string? TaskId, string? Status);
}
