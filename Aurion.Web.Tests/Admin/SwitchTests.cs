using System.Net;
using System.Text.Json;
using Aurion.Web.Tests.Ai;
using Aurion.Web.Tests.Infrastructure;
using Aurion.Web.Tests.Tools;

namespace Aurion.Web.Tests.Admin;

/// <summary>What an administrator switches off: refused at once, without a charge, and with the reason where a person would have used it.</summary>
public sealed class SwitchTests(SwitchTests.SwitchApp app) : IClassFixture<SwitchTests.SwitchApp>
{
    [Fact]
    public async Task A_chat_that_is_stopped_says_why_charges_nothing_and_keeps_what_was_written()
    {
        var user = await app.GivenUserAsync(100);
        var browser = app.SignedInAs(user);
        var told = await app.SayAsync(user, "Hello");
        var left = await app.SpendableAsync(user);

        await app.SwitchAsync("tools", "ai-chat", reason: "We repair it until noon.");

        var refused = await app.AskAsync(user, "Again", told.ConversationId);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal("We repair it until noon.", JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement.GetProperty("reason").GetString());
        var room = await browser.GetPageAsync($"/chat/{told.ConversationId}");
        Assert.Contains("We repair it until noon.", room.QuerySelector("#composer")!.TextContent, StringComparison.Ordinal);
        Assert.Null(room.QuerySelector("#send"));
        Assert.Contains(told.Text[..20], room.QuerySelector("#stream")!.TextContent, StringComparison.Ordinal);
        await Eventually.HoldsAsync(async () => (await browser.GetPageAsync("/tools/ai-chat")).QuerySelector("#launch")!.TextContent.Contains("We repair it until noon."), "the tool's page says why");
        Assert.Contains("Not available", (await browser.GetPageAsync("/tools?q=chat")).QuerySelector("#catalogue")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(left, await app.SpendableAsync(user));
        Assert.Equal(0, await app.HeldAsync(user));

        await app.SwitchAsync("tools", "ai-chat", reason: null);
        Assert.Equal("done", (await app.SayAsync(user, "Again", told.ConversationId)).State);
    }

    [Fact]
    public async Task A_model_that_is_off_refuses_new_runs_settles_the_open_one_and_says_why()
    {
        var user = await app.GivenUserAsync(100);
        var open = await app.HoldAsync(user);

        await app.SwitchAsync("models", MeterApp.Flat, reason: "Its answers are poor today.");

        Assert.Equal("MODEL_UNAVAILABLE", (await app.HoldAsync(user)).Outcome.Outcome);
        Assert.Equal("SETTLED", (await app.SettleAsync(user, open.Id)).Outcome);
        var refused = await app.AskAsync(user, "Hello", model: MeterApp.Flat);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("Its answers are poor today.", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var choice = (await app.SignedInAs(user).GetPageAsync("/chat")).QuerySelector($"input[name=model][value='{MeterApp.Flat}']")!;
        Assert.True(choice.HasAttribute("disabled"));
        Assert.Contains("Its answers are poor today.", choice.ParentElement!.TextContent, StringComparison.Ordinal);
        Assert.Equal("done", (await app.SayAsync(user, "Hello")).State);

        await app.SwitchAsync("models", MeterApp.Flat, reason: null);
        Assert.Equal("HELD", (await app.HoldAsync(user)).Outcome.Outcome);
    }

    [Fact]
    public async Task A_stopped_tool_gives_back_a_launch_that_has_answered_nothing_and_no_other()
    {
        var (served, waiting) = (await app.LaunchAsync(), await app.LaunchAsync());
        Assert.Equal(200, (await served.CallAsync("A text that is long enough.")).Status);
        var paid = await app.SpendableAsync(served.User);

        await app.SwitchAsync("tools", "text-editor", reason: "Too dear.");
        try
        {
            Assert.Equal(409, (await served.CallAsync("Another text.")).Status);
            Assert.Equal(409, (await waiting.CallAsync("Another text.")).Status);
            Assert.Equal(paid, await app.SpendableAsync(served.User));
            Assert.Equal(100, await app.SpendableAsync(waiting.User));
            var stranger = await app.GivenUserAsync();
            Assert.Equal(HttpStatusCode.Conflict, (await app.WithToken(stranger).PostJsonAsync("/api/validate-tool-access", new { toolId = "text-editor" })).StatusCode);
            Assert.Equal(100, await app.SpendableAsync(stranger));
            Assert.Equal("", await app.FaultsAsync());
        }
        finally
        {
            await app.SwitchAsync("tools", "text-editor", reason: null);
        }
    }

    [Fact]
    public async Task A_reason_is_asked_for_and_only_what_there_is_can_be_switched()
    {
        var admin = await app.AdminAsync();

        var refused = await admin.PostFormAsync("/admin/switches", new { kind = "models", id = MeterApp.Metered, reason = " " });
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("live", await app.ScalarAsync<string>("SELECT status FROM ai_models WHERE model_id = @Metered", new { MeterApp.Metered }));
        foreach (var (kind, id) in new[] { ("models", "nobody/none"), ("tools", "video-generation"), ("plans", "free") })
            Assert.Equal(HttpStatusCode.NotFound, (await admin.PostFormAsync("/admin/switches", new { kind, id, reason = "x" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.SignedInAs(await app.GivenUserAsync()).GetAsync("/admin/switches")).StatusCode);
    }

    public sealed class SwitchApp : ToolApp
    {
        private TestUser? admin;

        /// <summary>The administrator's browser.</summary>
        public async Task<TestClient> AdminAsync() => SignedInAs(admin ??= await GivenUserAsync(email: "admin@test.example"));

        public async Task SwitchAsync(string kind, string id, string? reason) =>
            Assert.Equal(HttpStatusCode.Redirect, (await (await AdminAsync()).PostFormAsync("/admin/switches", new { kind, id, reason = reason ?? "", on = reason is null ? "true" : "false" })).StatusCode);
    }
}
