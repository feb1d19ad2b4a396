using System.Net;
using System.Text.Json;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Infrastructure.Settings;
using Stripe;

namespace Aurion.Web.Billing.Stripe;

/// <summary>Stripe over the official library: its connection handling, retries and telemetry, our own words above it.</summary>
public sealed class StripeNetTransport(HttpClient http, StripeOptions options) : IStripeTransport
{
    private readonly StripeClient _client = new(
        apiKey: options.SecretKey,
        httpClient: new SystemNetHttpClient(http, maxNetworkRetries: 2),
        apiBase: options.ApiBase.GetLeftPart(UriPartial.Authority));

    public async Task<JsonElement> SendAsync(StripeCall call, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(call);
        try
        {
            var response = await _client.RawRequestAsync(
                call.Method, call.Path, call.Form.Length == 0 ? null : call.Form,
                new RawRequestOptions { IdempotencyKey = call.IdempotencyKey }, ct);
            using var json = JsonDocument.Parse(response.Content);
            return json.RootElement.Clone();
        }
        catch (StripeException refusal) when (refusal.StripeError is not null && IsFinal(refusal.HttpStatusCode))
        {
            var error = refusal.StripeError;
            throw new StripeRefusedException((int)refusal.HttpStatusCode, error.Code ?? error.Type ?? "", error.Param, error.DeclineCode, refusal.Message);
        }
        catch (Exception fault) when (fault is StripeException or HttpRequestException or JsonException || (fault is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new StripeUnreachableException($"Stripe did not answer {call.Method} {call.Path.Split('?')[0]}.", fault);
        }
    }

    private static bool IsFinal(HttpStatusCode status) =>
        status is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError
        && status is not (HttpStatusCode.TooManyRequests or HttpStatusCode.Conflict);
}
