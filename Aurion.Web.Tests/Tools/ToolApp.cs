using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Aurion.Web.Ai.Images;
using Aurion.Web.Tests.Ai;
using Aurion.Web.Tests.Infrastructure;
using Aurion.Web.Tools.Agents;
using Aurion.Web.Tools.Calls;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Tools;

/// <summary>The application beside OpenRouter's stand-in, as a tool sees it.</summary>
public class ToolApp : ChatApp
{
    public const string Origin = "http://127.0.0.1:5085";
    public const string Editor = "You are the assistant of a text editor. Shorten the passage by about a third; keep every fact.";

    /// <summary>A browser on the tools' host.</summary>
    public TestClient OnToolHost()
    {
        var browser = Anonymous();
        browser.Http.DefaultRequestHeaders.Host = "127.0.0.1:5085";
        return browser;
    }

    public async Task<ToolSession> LaunchAsync(TestUser? user = null, string tool = "text-editor")
    {
        user ??= await GivenUserAsync();
        var response = await WithToken(user).PostJsonAsync("/api/validate-tool-access", new { toolId = tool });
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        return new(this, user, tool, answer.GetProperty("sessionToken").GetString()!, answer.GetProperty("sessionId").GetGuid());
    }

    public Task RunAbandonedCallsJobAsync() =>
        ActivatorUtilities.CreateInstance<FinishAbandonedCallsJob>(Services).RunAsync(CancellationToken.None);

    public async Task RunPicturesJobAsync()
    {
        await using var scope = Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<DrawPicturesJob>().RunAsync(CancellationToken.None);
    }

    public async Task RunAgentsJobAsync()
    {
        await using var scope = Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<CarryOutAgentsJob>().RunAsync(CancellationToken.None);
    }
}

/// <summary>A launched tool, and what it asks of Aurion.</summary>
public sealed record ToolSession(ToolApp App, TestUser User, string Tool, string Token, Guid Id)
{
    public async Task<(int Status, JsonElement Body)> ActAsync(object fields, string? token = null, string? tool = null, string? origin = ToolApp.Origin)
    {
        var body = JsonSerializer.SerializeToNode(fields, JsonSerializerOptions.Web)!.AsObject();
        body["toolId"] = tool ?? Tool;
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/tools/actions", UriKind.Relative)) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? Token);
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        // What is refused for its size is refused before it is sent.
        request.Headers.ExpectContinue = request.Content.Headers.ContentLength > 1024 * 1024;
        using var response = await App.Anonymous().Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.StartsWith('{') ? JsonSerializer.Deserialize<JsonElement>(text) : default);
    }

    public Task<(int Status, JsonElement Body)> CallAsync(string text, Guid? id = null, Guid? repairs = null, int? agreed = null) => ActAsync(new
    {
        action = "model",
        runId = id ?? App.NewRun(),
        purpose = "shorten",
        repairs,
        agreedCredits = agreed,
        messages = new[] { new { role = "system", content = ToolApp.Editor }, new { role = "user", content = text } },
    });

    public Task<(int Status, JsonElement Body)> SaveAsync(Guid work, int revision, string text, bool keep = false, bool force = false, string title = "A letter", string path = "text.md") => ActAsync(new
    {
        action = "save",
        work = new { id = work, title, baseRevision = revision, files = new[] { new { path, text } }, keep, force },
    });

    public async Task<string> LoadAsync(Guid work, int? version = null) =>
        (await ActAsync(new { action = "load", workId = work, version })).Body.GetProperty("files")[0].GetProperty("text").GetString()!;
}
