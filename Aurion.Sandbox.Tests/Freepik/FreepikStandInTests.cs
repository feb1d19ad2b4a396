using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aurion.Sandbox.Freepik;

namespace Aurion.Sandbox.Tests.Freepik;

public sealed class FreepikStandInTests
{
    private const string Key = "FPSX-sandbox-test";

    [Fact]
    public async Task A_prompt_becomes_the_same_picture_each_time_and_another_prompt_another()
    {
        await using var standIn = await FreepikStandIn.StartAsync(Key, TimeProvider.System);
        using var http = Client(standIn);

        var sea = await DrawAsync(http, "blue sea at night");
        var same = await DrawAsync(http, "blue sea at night");
        var hills = await DrawAsync(http, "green hills");

        Assert.Equal([0x89, 0x50, 0x4E, 0x47], sea[..4]);
        Assert.Equal((1024, 576), (BinaryPrimitives.ReadInt32BigEndian(sea.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(sea.AsSpan(20))));
        Assert.Equal(sea, same);
        Assert.NotEqual(sea, hills);
    }

    [Fact]
    public async Task A_task_is_created_works_and_ends_with_an_address_or_fails()
    {
        var clock = new MovableClock();
        await using var standIn = await FreepikStandIn.StartAsync(Key, clock);
        using var http = Client(standIn);
        var good = await CreateAsync(http, "a lamp");
        var bad = await CreateAsync(http, "a lamp fail:task");
        Assert.Equal("CREATED", good.GetProperty("status").GetString());

        clock.Now += TimeSpan.FromSeconds(1);
        Assert.Equal("IN_PROGRESS", (await ReadAsync(http, good)).GetProperty("status").GetString());
        clock.Now += TimeSpan.FromSeconds(2);

        var done = await ReadAsync(http, good);
        Assert.Equal("COMPLETED", done.GetProperty("status").GetString());
        Assert.Equal("FAILED", (await ReadAsync(http, bad)).GetProperty("status").GetString());
        using var image = await http.GetAsync(done.GetProperty("generated")[0].GetString());
        Assert.Equal("image/png", image.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/v1/ai/mystic/" + Guid.Empty)).StatusCode);
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("fail:401", 401)]
    [InlineData("fail:429", 429)]
    [InlineData("fail:503", 503)]
    public async Task It_refuses_as_the_real_one_does(string prompt, int status)
    {
        await using var standIn = await FreepikStandIn.StartAsync(Key, TimeProvider.System);
        using var http = Client(standIn);

        using var answer = await http.PostAsJsonAsync("/v1/ai/text-to-image", new { prompt });

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status == 429, answer.Headers.RetryAfter is not null);
        http.DefaultRequestHeaders.Clear();
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.PostAsJsonAsync("/v1/ai/text-to-image", new { prompt = "a lamp" })).StatusCode);
    }

    private static HttpClient Client(FreepikStandIn standIn)
    {
        var http = new HttpClient { BaseAddress = new Uri(standIn.Address) };
        http.DefaultRequestHeaders.Add("x-freepik-api-key", Key);
        return http;
    }

    private static async Task<byte[]> DrawAsync(HttpClient http, string prompt)
    {
        using var answer = await http.PostAsJsonAsync("/v1/ai/text-to-image", new { prompt, image = new { size = "widescreen_16_9" } });
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data")[0].GetProperty("base64").GetBytesFromBase64();
    }

    private static async Task<JsonElement> CreateAsync(HttpClient http, string prompt)
    {
        using var answer = await http.PostAsJsonAsync("/v1/ai/mystic", new { prompt });
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data");
    }

    private static async Task<JsonElement> ReadAsync(HttpClient http, JsonElement task) =>
        (await http.GetFromJsonAsync<JsonElement>("/v1/ai/mystic/" + task.GetProperty("task_id").GetString())).GetProperty("data");

    private sealed class MovableClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
