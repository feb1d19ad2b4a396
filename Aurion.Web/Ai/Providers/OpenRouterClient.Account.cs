using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Aurion.Web.Ai.Providers;

/// <summary>What is left to spend in micro-dollars; null when OpenRouter does not tell. Fault: why it was asked in vain: key, management_key or away.</summary>
public sealed record ProviderBalance(long? Remaining, string? Fault = null);

/// <summary>A model as OpenRouter lists it: dollars for one token, as it writes them.</summary>
public sealed record ListedModel(string? Prompt, string? Completion, DateOnly? ExpiresOn);

public sealed partial class OpenRouterClient
{
    /// <summary>
    /// The lesser of what the key's own limit leaves, if it has one, and what the account has. The account is told to a management key
    /// only: https://openrouter.ai/docs/api/api-reference/credits/get-credits.
    /// </summary>
    public async Task<ProviderBalance> ReadBalanceAsync(CancellationToken ct = default)
    {
        var (key, keyFault) = await ReadAsync<KeyObject>("api/v1/key", options.ApiKey, ct);
        if (keyFault is not null)
            return new ProviderBalance(null, keyFault == HttpStatusCode.Unauthorized ? "key" : "away");
        var remaining = key!.LimitRemaining is { } limit ? Floor(limit) : (long?)null;
        if (options.ManagementKey.Length == 0)
            return new ProviderBalance(remaining);
        var (credits, fault) = await ReadAsync<CreditsObject>("api/v1/credits", options.ManagementKey, ct);
        if (fault is not null)
            return new ProviderBalance(null, fault is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden ? "management_key" : "away");
        var left = Floor(credits!.TotalCredits - credits.TotalUsage);
        return new ProviderBalance(Math.Min(left, remaining ?? left));
    }

    /// <summary>
    /// Every model on offer, by its id; a row that cannot be read has no price. Throws HttpRequestException when the provider is away,
    /// JsonException when what it sent is no list.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, ListedModel>> ListModelsAsync(CancellationToken ct = default)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(ct);
        silence.CancelAfter(patience.Whole);
        try
        {
            using var response = await http.GetAsync(new Uri("api/v1/models", UriKind.Relative), silence.Token);
            response.EnsureSuccessStatusCode();
            using var json = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(silence.Token), cancellationToken: silence.Token);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("data", out var rows) || rows.ValueKind != JsonValueKind.Array)
                throw new JsonException("The list of models has no data.");
            var models = new Dictionary<string, ListedModel>(StringComparer.Ordinal);
            foreach (var row in rows.EnumerateArray())
            {
                if (Text(row, "id") is { } id)
                    models[id] = new ListedModel(Text(row, "pricing", "prompt"), Text(row, "pricing", "completion"),
                        DateOnly.TryParse(Text(row, "expiration_date") is { Length: >= 10 } date ? date[..10] : null, CultureInfo.InvariantCulture, out var end) ? end : null);
            }
            return models;
        }
        catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
        {
            throw new HttpRequestException(HttpRequestError.Unknown, "OpenRouter sent no list of models in time.", late);
        }
    }

    private async Task<(T?, HttpStatusCode? Fault)> ReadAsync<T>(string path, string key, CancellationToken ct) where T : class
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(ct);
        silence.CancelAfter(patience.Record);
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Get, path);
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            using var response = await http.SendAsync(message, silence.Token);
            if (!response.IsSuccessStatusCode)
                return (null, response.StatusCode);
            return (await response.Content.ReadFromJsonAsync<Envelope<T>>(Json, silence.Token))?.Data is { } data ? (data, null) : (null, HttpStatusCode.BadGateway);
        }
        catch (Exception away) when (!ct.IsCancellationRequested && away is HttpRequestException or IOException or JsonException or NotSupportedException or OperationCanceledException)
        {
            return (null, HttpStatusCode.BadGateway);
        }
    }

    private static string? Text(JsonElement row, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (row.ValueKind != JsonValueKind.Object || !row.TryGetProperty(name, out row))
                return null;
        }
        return row.ValueKind is JsonValueKind.String ? row.GetString() : row.ValueKind is JsonValueKind.Number ? row.GetRawText() : null;
    }

    private static long Floor(decimal dollars) => (long)Math.Floor(dollars * 1_000_000m);

    private sealed record Envelope<T>(T? Data);

    private sealed record KeyObject(decimal? LimitRemaining);

    private sealed record CreditsObject(decimal TotalCredits, decimal TotalUsage);
}
