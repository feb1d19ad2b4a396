using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aurion.Sandbox.Host;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Aurion.Sandbox.Tests.Clerk;

/// <summary>Somebody who is told of users, and checks what he is told as Svix's libraries do.</summary>
internal sealed class SvixEndpoint(LoopbackServer http, ConcurrentQueue<(IHeaderDictionary Headers, string Body)> received) : IAsyncDisposable
{
    public string Address => http.Address + "/hook";

    public static async Task<SvixEndpoint> StartAsync(bool silent = false)
    {
        var received = new ConcurrentQueue<(IHeaderDictionary, string)>();
        return new SvixEndpoint(await LoopbackServer.StartAsync(0, app => app.MapPost("/hook", async (HttpContext context) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            received.Enqueue((new HeaderDictionary(context.Request.Headers.ToDictionary()), await reader.ReadToEndAsync()));
            if (silent)
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
        })), received);
    }

    /// <summary>Each event's type and user; a signature that is not right fails the test.</summary>
    public IReadOnlyList<(string Type, string User)> Told(string secret) => [.. received.Select(told =>
    {
        var signed = Encoding.UTF8.GetBytes($"{told.Headers["svix-id"]}.{told.Headers["svix-timestamp"]}.{told.Body}");
        var expected = "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), signed));
        Assert.Equal(expected, told.Headers["svix-signature"]);
        var body = JsonDocument.Parse(told.Body).RootElement;
        return (body.GetProperty("type").GetString()!, body.GetProperty("data").GetProperty("id").GetString()!);
    })];

    public ValueTask DisposeAsync() => http.DisposeAsync();
}
