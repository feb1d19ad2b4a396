using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Control;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Webhooks;

/// <summary>Sends what is due, each endpoint's events one after the other in the order in which they happened, as far as the faults let it.</summary>
internal sealed class WebhookSender(DeliveryQueue queue, StripeStore store, Faults faults) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(1), AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(10) };
    private readonly SemaphoreSlim turn = new(1, 1);

    /// <summary>Returns how many were tried.</summary>
    public async Task<int> SendDueAsync(bool evenBeforeDue = false, CancellationToken ct = default)
    {
        await turn.WaitAsync(ct);
        try
        {
            if (faults.Hold)
                return 0;
            var due = (await queue.TakeAsync(faults.DelaySeconds, evenBeforeDue)).ToArray();
            if (faults.Reorder)
                RandomNumberGenerator.Shuffle<Delivery>(due);
            await Task.WhenAll(due.GroupBy(d => d.EndpointId).Select(endpoint => SendAllAsync(endpoint, ct)));
            return due.Length;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Acts while nothing is on its way: a signature that a jump of the clock makes old would be refused.</summary>
    public async Task BetweenRoundsAsync(Action act)
    {
        await turn.WaitAsync();
        try
        {
            act();
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task SendAllAsync(IEnumerable<Delivery> deliveries, CancellationToken ct)
    {
        foreach (var delivery in deliveries)
        {
            if (delivery.Attempts == 0 && Happens(faults.LosePercent))
            {
                await queue.LoseAsync(delivery);
                continue;
            }
            if (Happens(faults.DuplicatePercent))
                await PostAsync(delivery, ct);
            var (status, error, milliseconds) = await PostAsync(delivery, ct);
            await queue.RecordAsync(delivery, status, error, milliseconds);
            // An endpoint that does not answer is not asked for the rest of this round.
            if (status is null)
                return;
        }
    }

    private static bool Happens(int percent) => percent > 0 && RandomNumberGenerator.GetInt32(100) < percent;

    private async Task<(int? Status, string? Error, int Milliseconds)> PostAsync(Delivery delivery, CancellationToken ct)
    {
        var body = Json.Public(JsonNode.Parse(delivery.Body))!.ToJsonString(Json.Indented);
        var secret = delivery.MisSign || Happens(faults.MisSignPercent) ? "whsec_wrong_on_purpose" : delivery.Secret;
        using var request = new HttpRequestMessage(HttpMethod.Post, delivery.Url);
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.TryAddWithoutValidation("Stripe-Signature", WebhookSignature.Header(secret, store.Now, body));
        request.Headers.TryAddWithoutValidation("User-Agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)");
        var watch = Stopwatch.StartNew();
        try
        {
            using var response = await http.SendAsync(request, ct);
            return ((int)response.StatusCode, response.IsSuccessStatusCode ? null : await ExcerptAsync(response, ct), (int)watch.ElapsedMilliseconds);
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return (null, e is HttpRequestException ? e.Message : "No answer within 10 seconds.", (int)watch.ElapsedMilliseconds);
        }
    }

    private static async Task<string> ExcerptAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var text = await response.Content.ReadAsStringAsync(ct);
        return text.Length <= 300 ? text : text[..300];
    }

    public void Dispose()
    {
        http.Dispose();
        turn.Dispose();
    }
}
