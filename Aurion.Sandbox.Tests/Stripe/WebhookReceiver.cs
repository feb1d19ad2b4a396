using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aurion.Sandbox.Host;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Aurion.Sandbox.Tests.Stripe;

/// <summary>An endpoint that checks every signature by itself, from Stripe's description and with no code of the stand-in's.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<JsonObject> received = new();
    private LoopbackServer server = null!;

    public string Url => server.Address + "/hook";
    public int BadSignatures { get; private set; }
    /// <summary>What to answer; 200 unless a test wants trouble.</summary>
    public Func<JsonObject, int> Answer { get; set; } = _ => 200;
    public IReadOnlyList<JsonObject> Received => [.. received];
    public IReadOnlyList<string> Types => [.. received.Select(e => e.Text("type"))];

    public void Forget() => received.Clear();

    public static async Task<WebhookReceiver> StartAsync(Func<DateTimeOffset> now)
    {
        var receiver = new WebhookReceiver();
        receiver.server = await LoopbackServer.StartAsync(0, app => app.MapPost("/hook", async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            var body = await reader.ReadToEndAsync();
            if (!IsGenuine(http.Request.Headers["Stripe-Signature"].ToString(), body, now()))
            {
                receiver.BadSignatures++;
                http.Response.StatusCode = 400;
                return;
            }
            var received = JsonNode.Parse(body)!.AsObject();
            http.Response.StatusCode = receiver.Answer(received);
            if (http.Response.StatusCode == 200)
                receiver.received.Enqueue(received);
        }));
        return receiver;
    }

    private static bool IsGenuine(string header, string body, DateTimeOffset now)
    {
        var parts = header.Split(',').Select(p => p.Split('=')).ToLookup(p => p[0], p => p[1]);
        var time = parts["t"].Single();
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(StripeShop.Secret), Encoding.UTF8.GetBytes($"{time}.{body}")));
        return Math.Abs(now.ToUnixTimeSeconds() - long.Parse(time, CultureInfo.InvariantCulture)) <= 300 && parts["v1"].Contains(expected);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
