using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Billing.Gateway;

/// <summary>Stripe over HttpClient. Retries what is safe to retry: every write carries its idempotency key.</summary>
public sealed class StripeHttpTransport : IStripeTransport
{
    private const string ApiVersion = "2025-09-30.clover";
    private const int Tries = 3;
    private readonly HttpClient _http;

    public StripeHttpTransport(HttpClient http, StripeOptions options)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(options);
        _http = http;
        _http.BaseAddress = options.ApiBase;
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.SecretKey);
        _http.DefaultRequestHeaders.Add("Stripe-Version", ApiVersion);
    }

    public async Task<JsonElement> SendAsync(StripeCall call, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(call);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await SendOnceAsync(call, ct);
            }
            catch (StripeUnreachableException) when (attempt < Tries)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(150 * attempt * attempt), CancellationToken.None);
                ct.ThrowIfCancellationRequested();
            }
        }
    }

    private async Task<JsonElement> SendOnceAsync(StripeCall call, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(call.Method, call.Path);
        if (call.Method == HttpMethod.Post)
            request.Content = new StringContent(call.Form, Encoding.UTF8, "application/x-www-form-urlencoded");
        if (call.IdempotencyKey is { } key)
            request.Headers.Add("Idempotency-Key", key);
        try
        {
            using var response = await _http.SendAsync(request, ct);
            await using var body = await response.Content.ReadAsStreamAsync(ct);
            using var json = await JsonDocument.ParseAsync(body, cancellationToken: ct);
            return response.IsSuccessStatusCode ? json.RootElement.Clone() : throw Fault(response.StatusCode, json.RootElement);
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException or IOException || (fault is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new StripeUnreachableException($"Stripe did not answer {call.Method} {call.Path.Split('?')[0]}.", fault);
        }
    }

    // 409 with this code means that the same key is being worked on at this moment: wait and ask again.
    private static Exception Fault(HttpStatusCode status, JsonElement body)
    {
        var error = body.At("error");
        var code = error.Text("code") ?? error.Text("type") ?? "";
        var message = error.Text("message") ?? $"Stripe answered {(int)status}.";
        return status >= HttpStatusCode.InternalServerError || status == HttpStatusCode.TooManyRequests || code == "idempotency_key_in_use"
            ? new StripeUnreachableException(message)
            : new StripeRefusedException((int)status, code, error.Text("param"), error.Text("decline_code"), message);
    }
}
