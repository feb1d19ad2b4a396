using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Aurion.Sandbox.OpenRouter;

namespace Aurion.Sandbox.Tests.OpenRouter;

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
    [InlineData("fail:401", 401, "authentication", null, null)]
    [InlineData("fail:402", 402, "payment_required", "openrouter_credits", null)]
    [InlineData("fail:402:key", 402, "payment_required", "openrouter_key_limit", null)]
    [InlineData("fail:402:inflight", 402, "in_flight_budget_exhausted", "openrouter_in_flight_budget", "1")]
    [InlineData("fail:403", 403, "content_policy_violation", null, null)]
    [InlineData("fail:403:guardrail", 403, "guardrail_blocked", null, null)]
    [InlineData("fail:408", 408, "timeout", null, null)]
    [InlineData("fail:413", 413, "payload_too_large", null, null)]
    [InlineData("fail:429", 429, "rate_limit_exceeded", null, "7")]
    [InlineData("fail:500", 500, "server_error", null, null)]
    [InlineData("fail:502", 502, "provider_error", null, null)]
    [InlineData("fail:503", 503, "no_provider_available", null, "1")]
    [InlineData("fail:524", 524, "timeout", null, null)]
    [InlineData("fail:529", 529, "provider_overloaded", null, null)]
    public async Task A_word_in_the_prompt_asks_for_each_refusal_and_none_costs_anything(string word, int status, string type, string? source, string? retryAfter)
    {
        await using var standIn = await OpenRouterStandIn.StartAsync(Key, TimeProvider.System);

        using var answer = await AskAsync(standIn, "Hello " + word, stream: true);

        Assert.Equal(status, (int)answer.StatusCode);
        var error = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal(status, error.GetProperty("code").GetInt32());
        Assert.Equal(type, error.GetProperty("metadata").GetProperty("error_type").GetString());
        Assert.Equal(type, error.GetProperty("availability").GetProperty("code").GetString());
        Assert.Equal(source, error.GetProperty("metadata").TryGetProperty("limit_source", out var found) ? found.GetString() : null);
        Assert.Equal(retryAfter, answer.Headers.RetryAfter?.ToString());
        Assert.Equal(100m, standIn.Remaining);
    }

    [Fact]
    public async Task A_stream_ends_with_its_cost_and_the_record_of_it_can_be_read_a_moment_later()
    {
        await using var standIn = await OpenRouterStandIn.StartAsync(Key, TimeProvider.System);
        using var answer = await AskAsync(standIn, "Write a python function", stream: true);
        var last = JsonDocument.Parse((await answer.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^2][6..]).RootElement;
        var id = answer.Headers.GetValues("X-Generation-Id").Single();

        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(standIn, "generation?id=" + id)).StatusCode);
        var record = await Eventually.ValueAsync(async () => (await GetAsync(standIn, "generation?id=" + id)) is { IsSuccessStatusCode: true } found ? found : null);

        var data = (await record.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data");
        var cost = last.GetProperty("usage").GetProperty("cost").GetDecimal();
        Assert.Equal(cost, data.GetProperty("total_cost").GetDecimal());
        Assert.Equal(100m - cost, standIn.Remaining);
        Assert.False(data.GetProperty("cancelled").GetBoolean());
    }

    [Fact]
    public async Task Whoever_leaves_a_stream_pays_for_what_was_produced_and_the_record_says_cancelled()
    {
        await using var standIn = await OpenRouterStandIn.StartAsync(Key, TimeProvider.System);
        string id;
        using (var http = Client())
        using (var request = new HttpRequestMessage(HttpMethod.Post, standIn.Address + "/api/v1/chat/completions") { Content = Body("Build an app for my books", stream: true) })
        using (var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        {
            id = answer.Headers.GetValues("X-Generation-Id").Single();
            await using var stream = await answer.Content.ReadAsStreamAsync();
            await stream.ReadExactlyAsync(new byte[2000]);
        }

        var record = await Eventually.ValueAsync(async () => (await GetAsync(standIn, "generation?id=" + id)) is { IsSuccessStatusCode: true } found ? found : null);

        var data = (await record.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data");
        Assert.True(data.GetProperty("cancelled").GetBoolean());
        Assert.InRange(data.GetProperty("native_tokens_completion").GetInt32(), 1, 150);
        Assert.Equal(100m - data.GetProperty("total_cost").GetDecimal(), standIn.Remaining);
    }

    [Fact]
    public async Task A_price_above_max_price_is_refused_and_an_empty_account_too()
    {
        await using var standIn = await OpenRouterStandIn.StartAsync(Key, TimeProvider.System);
        using var http = Client();

        var dear = await http.PostAsJsonAsync(standIn.Address + "/api/v1/chat/completions", new
        {
            model = "anthropic/claude-sonnet-4",
            messages = new[] { new { role = "user", content = "Hello" } },
            provider = new { max_price = new { prompt = 1, completion = 2 } },
        });
        standIn.Remaining = 0;
        using var dry = await AskAsync(standIn, "Hello");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, dear.StatusCode);
        Assert.Equal(HttpStatusCode.PaymentRequired, dry.StatusCode);
        Assert.Contains("openrouter_credits", await dry.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("Rename total to sum\n```python\ntotal = 1\n```", "sum = 1\n```")]
    [InlineData("Compare trains, buses and cars in a table", "| trains |")]
    [InlineData("Summarize: The sea is wide. It is deep. It is old.", "In short (10 words): The sea is wide. It is deep.")]
    [InlineData("Bonjour !", "Bonjour !")]
    [InlineData("20% de 150", "= 30")]
    [InlineData("Quelle est la première étape pour apprendre ?", "voici comment")]
    public async Task An_answer_is_of_use(string prompt, string part)
    {
        await using var standIn = await OpenRouterStandIn.StartAsync(Key, TimeProvider.System);

        var answer = await (await AskAsync(standIn, prompt)).Content.ReadFromJsonAsync<JsonElement>();

        Assert.Contains(part, answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
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
        using var http = Client();
        http.Timeout = patience ?? TimeSpan.FromSeconds(60);
        using var content = Body(prompt, stream);
        return await http.PostAsync(standIn.Address + "/api/v1/chat/completions", content);
    }

    private static async Task<HttpResponseMessage> GetAsync(OpenRouterStandIn standIn, string path)
    {
        using var http = Client();
        return await http.GetAsync($"{standIn.Address}/api/v1/{path}");
    }

    private static HttpClient Client()
    {
        var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        return http;
    }

    private static StringContent Body(string prompt, bool stream) =>
        new(JsonSerializer.Serialize(new { model = "openai/gpt-4o-mini", stream, messages = new[] { new { role = "user", content = prompt } } }), Encoding.UTF8, "application/json");
}
