using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Aurion.Sandbox.OpenRouter;

namespace Aurion.Web.Tests.Sandbox;

public sealed class OpenRouterStandInTests
{
    private const string Key = "sk-or-v1-sandbox-test";

    [Fact]
    public async Task A_stream_has_comments_pieces_usage_and_an_end_and_says_what_the_whole_answer_says()
    {
        await using var standIn = await OpenRouterStandIn.StartAsync(Key, TimeProvider.System);
        var whole = await (await AskAsync(standIn, "17 * 3")).Content.ReadFromJsonAsync<JsonElement>();
        var lines = (await (await AskAsync(standIn, "17 * 3", stream: true)).Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("17 * 3 = 51", whole.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.StartsWith(": OPENROUTER PROCESSING", lines[0]);
        Assert.Equal("data: [DONE]", lines[^1]);
        var chunks = lines.Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(line => JsonDocument.Parse(line[6..]).RootElement).ToList();
        Assert.True(chunks[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32() > 0);
        Assert.Equal("17 * 3 = 51", string.Concat(chunks.SkipLast(1).Select(chunk => chunk.GetProperty("choices")[0].GetProperty("delta").GetProperty("content").GetString())));
    }

    [Fact]
    public async Task A_wish_for_an_application_gives_a_page_in_one_file()
    {
        await using var standIn = await OpenRouterStandIn.StartAsync(Key, TimeProvider.System);

        var answer = await (await AskAsync(standIn, "Build an app that lists my <b>books</b>")).Content.ReadFromJsonAsync<JsonElement>();

        var text = answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
        Assert.Contains("```html\n<!doctype html>", text);
        Assert.Contains("&lt;b&gt;books", text);
        Assert.DoesNotContain("<b>books", text);
    }

    [Theory]
    [InlineData("fail:401", 401)]
    [InlineData("fail:402", 402)]
    [InlineData("fail:408", 408)]
    [InlineData("fail:429", 429)]
    [InlineData("fail:502", 502)]
    public async Task Words_in_the_prompt_ask_for_its_failures(string wish, int status)
    {
        await using var standIn = await OpenRouterStandIn.StartAsync(Key, TimeProvider.System);

        using var answer = await AskAsync(standIn, "Hello " + wish, stream: true);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal(status == 429 ? "7" : null, answer.Headers.RetryAfter?.ToString());
    }

    [Fact]
    public async Task A_stream_can_break_after_it_began_with_200_and_a_call_can_stay_silent()
    {
        await using var standIn = await OpenRouterStandIn.StartAsync(Key, TimeProvider.System);

        using var broken = await AskAsync(standIn, "Tell me of the sea fail:after:3", stream: true);
        var text = await broken.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, broken.StatusCode);
        Assert.Equal(4, text.Split("data: ").Length - 1);
        Assert.Contains("\"finish_reason\":\"error\"", text);
        Assert.DoesNotContain("[DONE]", text);
        await Assert.ThrowsAsync<TaskCanceledException>(() => AskAsync(standIn, "fail:silence", patience: TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Without_the_key_only_the_models_are_told()
    {
        await using var standIn = await OpenRouterStandIn.StartAsync(Key, TimeProvider.System);
        using var http = new HttpClient();

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(standIn.Address + "/api/v1/models")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(standIn.Address + "/api/v1/key")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.PostAsJsonAsync(standIn.Address + "/api/v1/chat/completions", new { })).StatusCode);
    }

    private static async Task<HttpResponseMessage> AskAsync(OpenRouterStandIn standIn, string prompt, bool stream = false, TimeSpan? patience = null)
    {
        using var http = new HttpClient { Timeout = patience ?? TimeSpan.FromSeconds(60) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        var body = JsonSerializer.Serialize(new { model = "openai/gpt-4o-mini", stream, messages = new[] { new { role = "user", content = prompt } } });
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await http.PostAsync(standIn.Address + "/api/v1/chat/completions", content);
    }
}
