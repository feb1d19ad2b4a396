using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aurion.Sandbox.Freepik;
using Aurion.Sandbox.Host;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Aurion.Sandbox.Tests.Freepik;

public sealed class ImageTaskTests : IAsyncLifetime, IDisposable
{
    private const string Key = "FPSX-sandbox-test";
    private static readonly byte[] Signing = RandomNumberGenerator.GetBytes(24);
    private readonly TestClock clock = new();
    private readonly ConcurrentQueue<(string Id, bool Genuine, JsonElement Body)> told = new();
    private FreepikStandIn standIn = null!;
    private LoopbackServer receiver = null!;
    private HttpClient http = null!;

    public async Task InitializeAsync()
    {
        clock.StopAt(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        standIn = await FreepikStandIn.StartAsync(Key, clock, webhookSecret: "whsec_" + Convert.ToBase64String(Signing));
        receiver = await LoopbackServer.StartAsync(0, app => app.MapPost("/hook", ReceiveAsync));
        http = new HttpClient { BaseAddress = new Uri(standIn.Address) };
        http.DefaultRequestHeaders.Add("x-magnific-api-key", Key);
    }

    public async Task DisposeAsync()
    {
        await standIn.DisposeAsync();
        await receiver.DisposeAsync();
    }

    public void Dispose() => http.Dispose();

    [Fact]
    public async Task A_webhook_tells_of_each_change_signed_and_without_the_wrapper()
    {
        var task = await CreateAsync("a lamp");

        await PassAsync(TimeSpan.FromSeconds(1), 1);
        await PassAsync(TimeSpan.FromSeconds(2), 2);

        Assert.Equal(["IN_PROGRESS", "COMPLETED"], told.Select(hook => hook.Body.GetProperty("status").GetString()));
        Assert.All(told, hook => Assert.True(hook.Genuine));
        Assert.Equal(task, told.Last().Body.GetProperty("task_id").GetString());
        using var picture = await http.GetAsync(told.Last().Body.GetProperty("generated")[0].GetString());
        Assert.Equal("image/png", picture.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_webhook_comes_late_twice_never_or_from_somebody_else()
    {
        await CreateAsync("a lamp fail:twice");
        await CreateAsync("a lamp fail:never");
        await CreateAsync("a lamp fail:forged");
        var late = await CreateAsync("a lamp fail:late");

        await PassAsync(TimeSpan.FromSeconds(3), 3);
        var before = told.ToList();
        await PassAsync(TimeSpan.FromMinutes(1), 4);

        Assert.Equal(2, before.Where(hook => hook.Genuine).GroupBy(hook => hook.Id).Single().Count());
        Assert.Equal("https://pictures.example/forged.png", Assert.Single(before, hook => !hook.Genuine).Body.GetProperty("generated")[0].GetString());
        Assert.DoesNotContain(before, hook => hook.Body.GetProperty("task_id").GetString() == late);
        Assert.Equal(late, told.Last().Body.GetProperty("task_id").GetString());
    }

    [Theory]
    [InlineData("fail:task", "FAILED", 0, false)]
    [InlineData("fail:blank", "COMPLETED", 0, false)]
    [InlineData("fail:nsfw", "COMPLETED", 1, true)]
    [InlineData("fail:hang", "IN_PROGRESS", 0, false)]
    public async Task A_task_ends_as_its_prompt_asks(string trouble, string status, int pictures, bool nsfw)
    {
        var task = await CreateAsync("a lamp " + trouble, "text-to-image/seedream-v4");
        clock.Advance(TimeSpan.FromHours(1));

        var state = await ReadAsync(task, "text-to-image/seedream-v4");

        Assert.Equal(status, state.GetProperty("status").GetString());
        Assert.Equal(pictures, state.GetProperty("generated").GetArrayLength());
        Assert.Equal(nsfw, state.GetProperty("has_nsfw").EnumerateArray().Any(flag => flag.GetBoolean()));
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/v1/ai/mystic/" + task)).StatusCode);
    }

    [Fact]
    public async Task The_address_of_a_picture_dies_after_ten_minutes_or_at_once()
    {
        var (task, dead) = (await CreateAsync("a lamp"), await CreateAsync("a lamp fail:dead"));
        clock.Advance(TimeSpan.FromSeconds(3));
        var address = (await ReadAsync(task)).GetProperty("generated")[0].GetString();
        var never = (await ReadAsync(dead)).GetProperty("generated")[0].GetString();

        var fresh = await http.GetAsync(address);
        clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(HttpStatusCode.OK, fresh.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync(address)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync(never)).StatusCode);
    }

    [Fact]
    public async Task The_fifty_first_call_of_a_minute_is_429_and_a_minute_later_it_is_served()
    {
        for (var n = 0; n < 50; n++)
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/v1/ai/mystic")).StatusCode);

        var refused = await http.GetAsync("/v1/ai/mystic");
        clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/v1/ai/mystic")).StatusCode);
    }

    private async Task<string> CreateAsync(string prompt, string model = "mystic")
    {
        using var answer = await http.PostAsJsonAsync("/v1/ai/" + model, new { prompt, webhook_url = receiver.Address + "/hook" });
        var data = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data");
        Assert.Equal("CREATED", data.GetProperty("status").GetString());
        return data.GetProperty("task_id").GetString()!;
    }

    private async Task<JsonElement> ReadAsync(string task, string model = "mystic") =>
        (await http.GetFromJsonAsync<JsonElement>($"/v1/ai/{model}/{task}")).GetProperty("data");

    private async Task PassAsync(TimeSpan time, int expected)
    {
        clock.Advance(time);
        await Eventually.HoldsAsync(() => told.Count >= expected, $"{expected} webhooks have come");
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var headers = context.Request.Headers;
        var signature = HMACSHA256.HashData(Signing, Encoding.UTF8.GetBytes($"{headers["webhook-id"]}.{headers["webhook-timestamp"]}.{body}"));
        told.Enqueue((headers["webhook-id"].ToString(), headers["webhook-signature"] == "v1," + Convert.ToBase64String(signature), JsonDocument.Parse(body).RootElement));
    }
}
