using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Web;
using Aurion.Sandbox.Clerk;
using Aurion.Sandbox.Host;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Aurion.Sandbox.Tests.Clerk;

/// <summary>What Clerk's own package does not look at: the Account Portal, and the switches that tests have.</summary>
public sealed class ClerkStandInTests
{
    private const string Web = "http://127.0.0.1:6299";
    private const string Key = "sk_test_sandbox_test";

    [Fact]
    public async Task Coming_back_from_the_portal_the_address_has_a_dev_browser_and_nothing_that_Clerk_does_not_send()
    {
        await using var clerk = await StartAsync();
        using var http = Client(clerk);

        using var answer = await SignUpAsync(http);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(["state", "__clerk_db_jwt"], HttpUtility.ParseQueryString(answer.Headers.Location!.Query).AllKeys.OfType<string>());
    }

    [Fact]
    public async Task Whoever_is_signed_in_at_Clerk_goes_straight_back_until_the_session_is_revoked()
    {
        await using var clerk = await StartAsync();
        using var http = Client(clerk);
        using (await SignUpAsync(http))
        {
        }

        using var again = await http.GetAsync("/sign-in?redirect_url=" + Uri.EscapeDataString(Web + "/back"));
        var session = (await http.GetFromJsonAsync<JsonElement>("/v1/sessions")).GetProperty("data")[0].GetProperty("id").GetString();
        using (await http.PostAsync($"/v1/sessions/{session}/revoke", null))
        {
        }
        using var after = await http.GetAsync("/sign-in?redirect_url=" + Uri.EscapeDataString(Web + "/back"));

        Assert.StartsWith(Web + "/back?__clerk_db_jwt=dvb_", again.Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Fact]
    public async Task A_wrong_password_a_wrong_code_a_taken_address_and_a_foreign_return_address_are_refused()
    {
        await using var clerk = await StartAsync();
        using var http = Client(clerk);
        using (var wrong = await SignUpAsync(http, code: "000000"))
            Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.Empty((await http.GetFromJsonAsync<JsonElement>("/v1/users")).EnumerateArray());
        using (await SignUpAsync(http))
        {
        }

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PostAsync(http, "/sign-in", "wrong password", Web + "/")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PostAsync(http, "/sign-up", "a long password", Web + "/")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(http, "/sign-in", "a long password", "https://evil.example/")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await PostAsync(http, "/sign-in", "a long password", Web + "/")).StatusCode);
    }

    [Fact]
    public async Task Failures_come_where_and_as_often_as_they_were_asked_for()
    {
        await using var clerk = await StartAsync();
        using var http = Client(clerk);
        using (await http.PostAsync("/sandbox/faults?path=/v1/users&status=503&times=2", null))
        {
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/v1/users")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/.well-known/jwks.json")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/v1/users")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/v1/users")).StatusCode);
    }

    [Fact]
    public async Task Webhooks_that_are_lost_or_sent_twice_are_just_that_and_a_silent_receiver_stops_nobody()
    {
        ConcurrentQueue<string> heard = [];
        using var silence = new SemaphoreSlim(0);
        await using var receiver = await LoopbackServer.StartAsync(0, app =>
        {
            app.MapPost("/hook", (HttpContext context) => heard.Enqueue(context.Request.Headers["svix-id"].ToString()));
            app.MapPost("/silent", async (HttpContext context) =>
            {
                silence.Release();
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            });
        });
        await using var clerk = await StartAsync(receiver.Address + "/silent");
        using var http = Client(clerk);

        using (await CreateUserAsync(http, "one"))
            await Eventually.EnteredAsync(silence, "the receiver that never answers is told");
        using (await http.PostAsync($"/sandbox/webhooks?url={Uri.EscapeDataString(receiver.Address + "/hook")}&lose=true", null))
        using (await CreateUserAsync(http, "two"))
        using (await http.PostAsync("/sandbox/webhooks?lose=false&copies=3", null))
        using (await CreateUserAsync(http, "three"))
        {
        }

        // The first, which nobody answered, is sent again; the second was lost; the third comes three times.
        await Eventually.HoldsAsync(() => heard.Distinct(StringComparer.Ordinal).Count() == 2, "two events arrive");
        await Eventually.HoldsAsync(() => heard.GroupBy(id => id, StringComparer.Ordinal).Any(copies => copies.Count() == 3), "one of them three times");
    }

    private static Task<ClerkStandIn> StartAsync(string? webhooks = null) => ClerkStandIn.StartAsync(new ClerkStandInOptions
    {
        SecretKey = Key,
        Web = Web,
        Clock = TimeProvider.System,
        WebhookUrl = webhooks,
        WebhookPatience = TimeSpan.FromMilliseconds(300),
        WebhookRetries = [TimeSpan.FromMilliseconds(10)],
    });

    private static HttpClient Client(ClerkStandIn clerk)
    {
        var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(clerk.Address) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        return http;
    }

    private static Task<HttpResponseMessage> CreateUserAsync(HttpClient http, string name) =>
        http.PostAsJsonAsync("/v1/users", new { email_address = new[] { name + "@demo.aurion.test" }, password = "a long password" });

    private static async Task<HttpResponseMessage> SignUpAsync(HttpClient http, string code = "424242")
    {
        using var asked = await PostAsync(http, "/sign-up", "a long password", Web + "/account/clerk?state=1");
        var attempt = (await asked.Content.ReadAsStringAsync()).Split("name=\"attempt\" value=\"")[1].Split('"')[0];
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["attempt"] = attempt, ["code"] = code, ["redirect_url"] = Web + "/account/clerk?state=1" });
        return await http.PostAsync("/sign-up/verify", form);
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient http, string page, string password, string back)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["email"] = "Camille@demo.aurion.test", ["password"] = password, ["redirect_url"] = back });
        return await http.PostAsync(page, form);
    }
}
