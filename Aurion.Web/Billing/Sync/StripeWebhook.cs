using System.Text;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Infrastructure.Errors;
using Aurion.Web.Infrastructure.Jobs;
using Microsoft.AspNetCore.Http.Features;

namespace Aurion.Web.Billing.Sync;

/// <summary>Verifies, stores, wakes, answers. The stored row is the queue entry; nothing else happens in the request.</summary>
public sealed partial class StripeWebhook(
    StripeSignature signature, EventGroupCommit commits, JobQueue jobs, ILogger<StripeWebhook> log)
{
    public const int LargestBody = 512 * 1024;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public async Task<IResult> ReceiveAsync(HttpRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!signature.IsConfigured)
            return ApiProblem.Answer(StatusCodes.Status503ServiceUnavailable, "WEBHOOK_NOT_CONFIGURED", "Webhook secret missing",
                "Set STRIPE_WEBHOOK_SECRET, then let Stripe deliver again.");
        if (await ReadAsync(request, ct) is not { } body)
            return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        if (!TryDecode(body, out var payload))
            return Unreadable();
        if (!signature.Matches(payload, request.Headers["Stripe-Signature"].ToString()))
            return ApiProblem.Answer(StatusCodes.Status400BadRequest, "SIGNATURE_INVALID", "Signature does not match",
                "The Stripe-Signature header does not match this body, or is older than five minutes.");
        if (StripeEventReader.TryRead(payload) is not { } received)
            return Unreadable();

        if (!commits.TryAsk(received, ct, out var isNew))
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        if (await isNew)
        {
            LogReceived(received.Type, received.Id);
            await jobs.WakeAsync<ApplyStripeEventsJob>(ct);
        }
        return Results.Ok(new { received = true });
    }

    private static IResult Unreadable() => ApiProblem.Answer(StatusCodes.Status400BadRequest, "EVENT_UNREADABLE", "Not a Stripe event",
        "The body is not the JSON of an event.");

    private static bool TryDecode(ReadOnlyMemory<byte> body, out string payload)
    {
        try
        {
            payload = Strict.GetString(body.Span);
            return true;
        }
        catch (DecoderFallbackException)
        {
            payload = "";
            return false;
        }
    }

    /// <summary>The bytes as they came, since the signature is over them; null when there are too many.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = LargestBody;
        if (request.ContentLength > LargestBody)
            return null;

        using var body = new MemoryStream((int)(request.ContentLength ?? 0));
        var part = new byte[16 * 1024];
        for (int read; (read = await request.Body.ReadAsync(part, ct)) > 0;)
        {
            if (body.Length + read > LargestBody)
                return null;
            body.Write(part, 0, read);
        }
        return body.ToArray();
    }

    [LoggerMessage(LogLevel.Information, "Stripe event {Type} {StripeEvent} received")]
    private partial void LogReceived(string type, string stripeEvent);
}
