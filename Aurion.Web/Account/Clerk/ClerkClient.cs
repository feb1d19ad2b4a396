using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Aurion.Web.Account.Clerk;

/// <summary>What we ask of Clerk, with little patience: a person waits. Whatever brings nothing is a <see cref="ClerkAwayException"/>.</summary>
/// <remarks>https://clerk.com/docs/reference/backend-api</remarks>
public sealed class ClerkClient(HttpClient http, ClerkOptions options)
{
    /// <summary>The version of Clerk's API that we speak.</summary>
    internal const string Version = "2026-05-12";
    private const int LargestAnswer = 512 * 1024;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Null when Clerk has no such user.</summary>
    public Task<ClerkUser?> FindUserAsync(string id, CancellationToken ct) => AskAsync<ClerkUser>(HttpMethod.Get, $"/v1/users/{Uri.EscapeDataString(id)}", ct);

    /// <summary>Signs the person out at Clerk; one that is over or unknown is passed over.</summary>
    public Task RevokeSessionAsync(string id, CancellationToken ct) => AskAsync<JsonElement?>(HttpMethod.Post, $"/v1/sessions/{Uri.EscapeDataString(id)}/revoke", ct);

    /// <summary>Deletes the user at Clerk; one that is gone is passed over.</summary>
    public Task DeleteUserAsync(string id, CancellationToken ct) => AskAsync<JsonElement?>(HttpMethod.Delete, $"/v1/users/{Uri.EscapeDataString(id)}", ct);

    /// <summary>The cookies of a handshake that were too long for an address; null when the nonce was used before.</summary>
    public async Task<IReadOnlyList<string>?> FindHandshakeAsync(string nonce, CancellationToken ct) =>
        (await AskAsync<Payload>(HttpMethod.Get, $"/v1/clients/handshake_payload?nonce={Uri.EscapeDataString(nonce)}", ct))?.Directives;

    /// <summary>The keys that Clerk's tokens are signed with, for everybody to read.</summary>
    public async Task<JsonWebKeySet> GetKeysAsync(CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, options.Issuer + "/.well-known/jwks.json");
        using var answer = await SendAsync(request, ct);
        if (!answer.IsSuccessStatusCode)
            throw new ClerkAwayException($"Clerk's keys were answered with {(int)answer.StatusCode}.");
        try
        {
            return new JsonWebKeySet(await answer.Content.ReadAsStringAsync(ct));
        }
        catch (ArgumentException unreadable)
        {
            throw new ClerkAwayException("Clerk's keys cannot be read.", unreadable);
        }
    }

    internal static void Register(IServiceCollection services, ClerkOptions options)
    {
        services.AddSingleton(ClerkPatience.Default);
        services.AddHttpClient<ClerkClient>((provider, http) =>
            {
                http.Timeout = provider.GetRequiredService<ClerkPatience>().Call;
                http.MaxResponseContentBufferSize = LargestAnswer;
                http.BaseAddress = options.ApiBase;
            })
            .UseSocketsHttpHandler((handler, _) =>
            {
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
                handler.AllowAutoRedirect = false;
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
    }

    private async Task<T?> AskAsync<T>(HttpMethod method, string path, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.SecretKey);
        request.Headers.Add("Clerk-API-Version", Version);
        using var answer = await SendAsync(request, ct);
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return default;
        if (!answer.IsSuccessStatusCode)
            throw new ClerkAwayException($"Clerk answered {method} {path.Split('/', '?')[2]} with {(int)answer.StatusCode}.", answer: answer.StatusCode);
        try
        {
            return await answer.Content.ReadFromJsonAsync<T>(Json, ct);
        }
        catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException)
        {
            throw new ClerkAwayException("Clerk's answer cannot be read.", unreadable);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        try
        {
            return await http.SendAsync(request, ct);
        }
        catch (Exception fault) when (fault is HttpRequestException || (fault is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new ClerkAwayException("Clerk does not answer.", fault);
        }
    }

    private sealed record Payload(IReadOnlyList<string>? Directives);
}
