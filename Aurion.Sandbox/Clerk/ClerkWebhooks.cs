using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace Aurion.Sandbox.Clerk;

/// <summary>
/// Tells the application of users and sessions, signed as Svix signs: after the answer, in no promised order, and again on Svix's
/// schedule, under the same id, until it is received.
/// </summary>
internal sealed class ClerkWebhooks : IAsyncDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly ClerkStandInOptions options;
    private readonly byte[] key;
    private readonly HttpClient http;
    private readonly Channel<Message> queue = Channel.CreateUnbounded<Message>();
    private readonly CancellationTokenSource stop = new();
    private readonly Task deliveries;

    public ClerkWebhooks(ClerkStandInOptions options)
    {
        this.options = options;
        Secret = options.WebhookSecret ?? "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(24));
        key = Convert.FromBase64String(Secret["whsec_".Length..]);
        Url = options.WebhookUrl;
        http = new HttpClient { Timeout = options.WebhookPatience };
        deliveries = DeliverAsync();
    }

    public string Secret { get; }

    public string? Url { get; set; }

    /// <summary>For tests: none are sent while it is on.</summary>
    public bool Lose { get; set; }

    /// <summary>For tests: each is sent so many times.</summary>
    public int Copies { get; set; } = 1;

    /// <summary>For tests: signed with another key.</summary>
    public bool MisSign { get; set; }

    public void Tell(string type, object data)
    {
        if (string.IsNullOrEmpty(Url) || Lose)
            return;
        var body = JsonSerializer.Serialize(new
        {
            data,
            event_attributes = new { http_request = new { client_ip = "127.0.0.1", user_agent = "Aurion.Sandbox" } },
            instance_id = "ins_sandbox",
            @object = "event",
            timestamp = options.Clock.GetUtcNow().ToUnixTimeMilliseconds(),
            type,
        });
        queue.Writer.TryWrite(new Message(ClerkStore.NewId("msg_"), body, 0));
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await deliveries;
        http.Dispose();
        stop.Dispose();
    }

    private async Task DeliverAsync()
    {
        try
        {
            await foreach (var message in queue.Reader.ReadAllAsync(stop.Token))
            {
                var sent = await Task.WhenAll(Enumerable.Range(0, Copies).Select(_ => TrySendAsync(message)));
                if (!sent.Contains(true) && message.Attempt < options.WebhookRetries.Count)
                    _ = QueueAgainAsync(message);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private async Task QueueAgainAsync(Message message)
    {
        await Task.Delay(options.WebhookRetries[message.Attempt], stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        queue.Writer.TryWrite(message with { Attempt = message.Attempt + 1 });
    }

    private async Task<bool> TrySendAsync(Message message)
    {
        if (string.IsNullOrEmpty(Url))
            return true;
        var seconds = options.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signed = Utf8.GetBytes($"{message.Id}.{seconds}.{message.Body}");
        using var request = new HttpRequestMessage(HttpMethod.Post, Url) { Content = new StringContent(message.Body, Utf8, "application/json") };
        request.Headers.Add("svix-id", message.Id);
        request.Headers.Add("svix-timestamp", seconds);
        request.Headers.Add("svix-signature", "v1," + Convert.ToBase64String(HMACSHA256.HashData(MisSign ? RandomNumberGenerator.GetBytes(24) : key, signed)));
        try
        {
            using var answer = await http.SendAsync(request, stop.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return false;
        }
    }

    private sealed record Message(string Id, string Body, int Attempt);
}
