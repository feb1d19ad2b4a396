using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Aurion.Sandbox.Clerk;

/// <summary>Tells endpoints of users that came, changed or went, signed as Svix signs.</summary>
internal sealed class ClerkWebhooks(TimeProvider clock, TimeSpan patience) : IDisposable
{
    private readonly ConcurrentDictionary<string, byte[]> endpoints = new();
    private readonly HttpClient http = new() { Timeout = patience };

    /// <summary>Adds an endpoint and gives its signing secret.</summary>
    public string Add(string url)
    {
        var secret = RandomNumberGenerator.GetBytes(24);
        endpoints[url] = secret;
        return "whsec_" + Convert.ToBase64String(secret);
    }

    public async Task TellAsync(string type, object data, CancellationToken ct)
    {
        foreach (var (url, secret) in endpoints)
        {
            var now = clock.GetUtcNow();
            var body = JsonSerializer.Serialize(new { data, @object = "event", type, timestamp = now.ToUnixTimeMilliseconds(), instance_id = "ins_sandbox" });
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            var id = ClerkStore.NewId("msg_");
            var seconds = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            request.Headers.Add("svix-id", id);
            request.Headers.Add("svix-timestamp", seconds);
            request.Headers.Add("svix-signature", "v1," + Convert.ToBase64String(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{id}.{seconds}.{body}"))));
            await TryAsync(request, ct);
        }
    }

    public void Dispose() => http.Dispose();

    // An endpoint that is down must not stop somebody from signing up.
    private async Task TryAsync(HttpRequestMessage request, CancellationToken ct)
    {
        try
        {
            using var _ = await http.SendAsync(request, ct);
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            await Console.Error.WriteLineAsync($"Clerk stand-in: {request.RequestUri} did not answer.");
        }
    }
}
