using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Tools;

public sealed class ValidateToolSessionTests(AurionApp app) : IClassFixture<AurionApp>
{
    private const string ToolsOrigin = "http://127.0.0.1:5085";

    [Fact]
    public async Task The_tool_learns_whom_it_serves()
    {
        var user = await app.GivenUserAsync();
        var token = await LaunchAsync(user, "app-builder");

        var response = await AskAsync(token, "app-builder", ToolsOrigin);

        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(ToolsOrigin, Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.True(answer.GetProperty("valid").GetBoolean());
        Assert.Equal(user.Id, answer.GetProperty("userId").GetGuid());
        Assert.Equal(50, answer.GetProperty("credits").GetProperty("remaining").GetInt32());
    }

    [Fact]
    public async Task A_token_is_worth_nothing_for_another_tool()
    {
        var token = await LaunchAsync(await app.GivenUserAsync(), "app-builder");

        await RefusedAsync(await AskAsync(token, "website-builder", ToolsOrigin), "SESSION_INVALID");
    }

    [Fact]
    public async Task A_changed_token_is_refused_at_every_byte()
    {
        var token = await LaunchAsync(await app.GivenUserAsync(), "text-editor");
        for (var i = 0; i < token.Length - 1; i += 7)
        {
            var changed = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            await RefusedAsync(await AskAsync(changed, "text-editor", ToolsOrigin), "SESSION_INVALID");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("%00")]
    public async Task A_garbage_token_is_refused(string token) =>
        await RefusedAsync(await AskAsync(token, "text-editor", ToolsOrigin), "SESSION_INVALID");

    [Fact]
    public async Task Another_origin_is_refused()
    {
        var token = await LaunchAsync(await app.GivenUserAsync(), "text-editor");

        var response = await AskAsync(token, "text-editor", "https://evil.example");

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal("ORIGIN_INVALID", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task The_token_dies_with_the_tool_session_and_with_the_sign_in()
    {
        var (first, second) = (await app.GivenUserAsync(), await app.GivenUserAsync());
        var (ended, signedOut) = (await LaunchAsync(first, "text-editor"), await LaunchAsync(second, "text-editor"));
        await app.ExecuteAsync("UPDATE tool_sessions SET ended_at = now() WHERE user_id = @Id", first);
        await app.ExecuteAsync("UPDATE account_sessions SET revoked_at = now() WHERE user_id = @Id", second);

        await RefusedAsync(await AskAsync(ended, "text-editor", ToolsOrigin), "SESSION_EXPIRED");
        await RefusedAsync(await AskAsync(signedOut, "text-editor", ToolsOrigin), "SESSION_EXPIRED");
    }

    private async Task<string> LaunchAsync(TestUser user, string toolId)
    {
        var response = await app.WithToken(user).PostJsonAsync("/api/validate-tool-access", new { toolId });
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("sessionToken").GetString()!;
    }

    private Task<HttpResponseMessage> AskAsync(string sessionToken, string toolId, string origin)
    {
        var client = app.Anonymous();
        client.Http.DefaultRequestHeaders.Add("Origin", origin);
        return client.PostJsonAsync("/api/validate-tool-session", new { sessionToken, toolId });
    }

    private static async Task RefusedAsync(HttpResponseMessage response, string code)
    {
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.False(answer.GetProperty("valid").GetBoolean());
        Assert.Equal(code, answer.GetProperty("code").GetString());
    }
}
