using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Aurion.Sandbox.Freepik;

/// <summary>Tells of a task as Standard Webhooks do: the state without its <c>data</c> wrapper, signed in <c>webhook-signature</c>.</summary>
internal sealed class ImageWebhooks(TimeProvider clock, string secret) : IDisposable
{
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(1);

    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(10) };

    public bool IsDue(ImageTask task, ImageState state) =>
        Trouble.In(task.Request.Prompt!) != "late" || state.Status == "IN_PROGRESS" || clock.GetUtcNow() - task.CreatedAt >= Late;

    public async Task TellAsync(ImageTask task, ImageState state, CancellationToken ct)
    {
        task.Told = state.Status;
        var trouble = Trouble.In(task.Request.Prompt!);
        if (trouble == "never")
            return;
        if (trouble == "forged")
        {
            await SendAsync(task, state with { Status = "COMPLETED", Generated = ["https://pictures.example/forged.png"], HasNsfw = [false] }, RandomNumberGenerator.GetBytes(24), ct);
            return;
        }
        var id = await SendAsync(task, state, Convert.FromBase64String(secret["whsec_".Length..]), ct);
        if (trouble == "twice")
            await SendAsync(task, state, Convert.FromBase64String(secret["whsec_".Length..]), ct, id);
    }

    public void Dispose() => http.Dispose();

    // Whoever does not answer is not told again: the task can be read at any time.
    private async Task<string> SendAsync(ImageTask task, ImageState state, byte[] key, CancellationToken ct, string? id = null)
    {
        var now = clock.GetUtcNow();
        id ??= "msg_" + Guid.CreateVersion7(now).ToString("N");
        var body = JsonSerializer.Serialize(state);
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var message = new HttpRequestMessage(HttpMethod.Post, task.Request.WebhookUrl) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        message.Headers.Add("webhook-id", id);
        message.Headers.Add("webhook-timestamp", timestamp);
        message.Headers.Add("webhook-signature", "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}"))));
        try
        {
            using var answer = await http.SendAsync(message, ct);
        }
        catch (Exception gone) when (gone is HttpRequestException or InvalidOperationException or UriFormatException || (gone is OperationCanceledException && !ct.IsCancellationRequested))
        {
            await Console.Error.WriteLineAsync($"Freepik stand-in: {task.Request.WebhookUrl} did not answer: {gone.Message}");
        }
        return id;
    }
}
