using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Aurion.Sandbox.OpenRouter;

namespace Aurion.Sandbox.Tests.OpenRouter;

public sealed class PicturesTests : IAsyncLifetime, IDisposable
{
    private const string Key = "sk-or-v1-sandbox-test";
    private const string Model = "bytedance-seed/seedream-4.5";
    private OpenRouterStandIn standIn = null!;
    private HttpClient http = null!;

    public async Task InitializeAsync()
    {
        standIn = await OpenRouterStandIn.StartAsync(Key, TimeProvider.System);
        http = new HttpClient { BaseAddress = new Uri(standIn.Address + "/api/v1/") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    public async Task DisposeAsync()
    {
        await standIn.DisposeAsync();
    }

    public void Dispose() => http.Dispose();

    [Theory]
    [InlineData("a lamp", 3, 3)]
    [InlineData("a lamp fail:few", 3, 2)]
    [InlineData("a lamp fail:blank", 3, 0)]
    public async Task Only_what_is_delivered_costs(string prompt, int wanted, int delivered)
    {
        var before = standIn.Remaining;

        var answer = await http.PostAsJsonAsync("images", new { model = Model, prompt, n = wanted, aspect_ratio = "16:9" });

        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(delivered, body.GetProperty("data").GetArrayLength());
        Assert.Equal(delivered * 0.04m, body.GetProperty("usage").GetProperty("cost").GetDecimal());
        Assert.Equal(delivered * 0.04m, before - standIn.Remaining);
        Assert.StartsWith("gen-", answer.Headers.GetValues("X-Generation-Id").Single());
        foreach (var picture in body.GetProperty("data").EnumerateArray())
            Assert.Equal([0x89, 0x50, 0x4E, 0x47], picture.GetProperty("b64_json").GetBytesFromBase64()[..4]);
    }

    [Theory]
    [InlineData("", 1, Model, 400)]
    [InlineData("a lamp", 11, Model, 400)]
    [InlineData("a lamp", 2, "black-forest-labs/flux.2-pro", 400)]
    [InlineData("a lamp", 1, "openai/gpt-5", 400)]
    [InlineData("a lamp fail:401", 1, Model, 401)]
    [InlineData("a lamp fail:402", 1, Model, 402)]
    [InlineData("a lamp fail:filter", 1, Model, 403)]
    [InlineData("a lamp fail:429", 1, Model, 429)]
    [InlineData("a lamp fail:524", 1, Model, 524)]
    public async Task What_cannot_be_drawn_is_refused_and_costs_nothing(string prompt, int n, string model, int status)
    {
        var before = standIn.Remaining;

        var answer = await http.PostAsJsonAsync("images", new { model, prompt, n });

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(before, standIn.Remaining);
    }

    [Fact]
    public async Task An_account_without_credits_is_refused()
    {
        standIn.Remaining = 0;

        var answer = await http.PostAsJsonAsync("images", new { model = Model, prompt = "a lamp" });

        var error = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal("openrouter_credits", error.GetProperty("metadata").GetProperty("limit_source").GetString());
    }
}
