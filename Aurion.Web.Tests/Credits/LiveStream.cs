using System.Text.Json;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Credits;

/// <summary>Reads /live as a browser's EventSource would.</summary>
internal sealed class LiveStream(HttpResponseMessage response, StreamReader reader) : IAsyncDisposable
{
    public static async Task<LiveStream> OpenAsync(TestClient browser)
    {
        var response = await browser.Http.GetAsync(new Uri("/live", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    public async Task<int> NextAvailableAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        while (await reader.ReadLineAsync(patience.Token) is { } line)
            if (line.StartsWith("data: {", StringComparison.Ordinal))
                return JsonDocument.Parse(line["data: ".Length..]).RootElement.GetProperty("available").GetInt32();
        throw new InvalidOperationException("The stream ended.");
    }

    public async Task WaitForAsync(int available, TimeSpan within)
    {
        var waiting = Task.Run(async () =>
        {
            while (await NextAvailableAsync() != available)
            {
            }
        });
        await waiting.WaitAsync(within);
    }

    public async Task<bool> EndsWithinAsync(TimeSpan time)
    {
        using var patience = new CancellationTokenSource(time);
        while (await reader.ReadLineAsync(patience.Token) is not null)
        {
        }
        return true;
    }

    public ValueTask DisposeAsync()
    {
        reader.Dispose();
        response.Dispose();
        return ValueTask.CompletedTask;
    }
}
