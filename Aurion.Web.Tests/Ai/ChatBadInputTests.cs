using System.Net;
using Aurion.Web.Ai.Chat;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.AspNetCore.Html;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Ai;

/// <summary>Whatever people send, and whatever models write: a clear answer, nothing lost, nothing runs.</summary>
public sealed class ChatBadInputTests(ChatApp app) : IClassFixture<ChatApp>
{
    [Theory]
    [InlineData("", HttpStatusCode.BadRequest, "MESSAGE_MISSING")]
    [InlineData(" \n\t ", HttpStatusCode.BadRequest, "MESSAGE_MISSING")]
    [InlineData("\u0001\u0002\u200e", HttpStatusCode.OK, "start")]
    [InlineData("\u0001\u0002\u202e", HttpStatusCode.BadRequest, "MESSAGE_MISSING")]
    [InlineData("a\u0000b", HttpStatusCode.BadRequest, "BAD_REQUEST")]
    [InlineData("\uFFFE\uFDD0 \ud83d\ude00", HttpStatusCode.OK, "start")]
    public async Task Odd_text_is_cleaned_or_refused(string text, HttpStatusCode status, string said)
    {
        var user = await app.GivenUserAsync(100);

        var answer = await app.WithToken(user).PostJsonAsync("/api/ai-chat", new { message = text });

        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(said, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(status == HttpStatusCode.OK ? 99 : 100, await app.SpendableAsync(user));
    }

    [Theory]
    [InlineData(20_000, HttpStatusCode.UnprocessableEntity)]
    [InlineData(1024 * 1024, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_message_longer_than_the_model_reads_costs_nothing_and_the_page_keeps_it(int length, HttpStatusCode status)
    {
        var user = await app.GivenUserAsync(100);
        var text = string.Join(' ', Enumerable.Repeat("word", length / 5));

        Assert.Equal(status, (await app.WithToken(user).PostJsonAsync("/api/ai-chat", new { message = text })).StatusCode);
        var page = await app.SignedInAs(user).PostFormAsync("/chat/send", new { text }, from: "/chat");

        Assert.Equal(status, page.StatusCode);
        if (status == HttpStatusCode.UnprocessableEntity)
            Assert.Equal(text, (await page.ReadHtmlAsync()).QuerySelector("#message")!.TextContent);
        Assert.Equal(100, await app.SpendableAsync(user));
    }

    [Theory]
    [InlineData("nobody/nothing", HttpStatusCode.UnprocessableEntity, "MODEL_UNAVAILABLE")]
    [InlineData("openai/gpt-5", HttpStatusCode.Forbidden, "PLAN_LACKS_MODEL")]
    public async Task A_model_that_is_unknown_or_not_in_the_plan_is_refused(string model, HttpStatusCode status, string code)
    {
        var user = await app.GivenUserAsync(100);

        var answer = await app.AskAsync(user, "Hello", model: model);

        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(code, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(100, await app.SpendableAsync(user));
    }

    [Fact]
    public async Task A_model_that_the_provider_has_no_longer_is_not_charged()
    {
        var user = await app.GivenUserAsync(100);
        app.OpenRouter.Remove("meta-llama/llama-3.3-70b-instruct");

        var told = await app.SayAsync(user, "Hello", model: "meta-llama/llama-3.3-70b-instruct");

        Assert.Equal(("failed", "rejected", 100), (told.State, told.Reason, await app.SpendableAsync(user)));
    }

    [Fact]
    public async Task The_conversations_of_another_are_not_there()
    {
        var (mine, theirs) = (await app.GivenUserAsync(100), await app.GivenUserAsync(100));
        var told = await app.SayAsync(theirs, "Repeat: my secret");
        var page = $"/chat/{told.ConversationId}";
        var (browser, program) = (app.SignedInAs(mine), app.WithToken(mine));

        foreach (var address in new[] { page, page + "/export.md", page + "/export.json", $"/chat/answer/{told.AnswerId}", $"/api/ai-chat/{told.AnswerId}" })
            Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(address)).StatusCode);
        foreach (var (verb, fields) in new (string, object)[]
        {
            (page + "/rename", new { title = "Mine" }), (page + "/delete", new { }), (page + "/share", new { open = "true" }), (page + "/instructions", new { instructions = "x" }),
            ("/chat/stop", new { answer = told.AnswerId }), ("/chat/again", new { answer = told.AnswerId }), ("/chat/send", new { conversation = told.ConversationId, text = "Hello" }),
        })
            Assert.Equal((verb, HttpStatusCode.NotFound), (verb, (await browser.PostFormAsync(verb, fields, from: "/account")).StatusCode));
        Assert.Equal(HttpStatusCode.NotFound, (await program.PostJsonAsync("/api/ai-chat", new { message = "Hello", conversationId = told.ConversationId })).StatusCode);
        var own = await app.SayAsync(mine, "Hello");
        Assert.Equal(HttpStatusCode.NotFound, (await program.PostJsonAsync("/api/ai-chat", new { message = "Hello", conversationId = own.ConversationId, parentId = told.AnswerId })).StatusCode);
        Assert.Empty((await browser.GetPageAsync("/chat?q=secret")).QuerySelectorAll(".convos li > a[href^='/chat/']"));
        Assert.Equal("Repeat: my secret", await app.ScalarAsync<string>("SELECT title FROM conversations WHERE id = @ConversationId AND share_key IS NULL", new { told.ConversationId }));
    }

    [Fact]
    public async Task Nobody_signed_in_is_asked_to()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Anonymous().PostJsonAsync("/api/ai-chat", new { message = "Hello" })).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Anonymous().GetAsync($"/api/ai-chat/{app.NewRun()}")).StatusCode);
        Assert.StartsWith("/account/sign-in", (await app.Anonymous().GetAsync("/chat")).Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_plans_daily_limit_ends_the_day_with_its_reason()
    {
        var user = await app.GivenUserAsync(100);
        await app.SayAsync(user, "Hello");
        await app.ExecuteAsync("INSERT INTO credit_holds (user_id, id, tool_id, units, ceiling, state, created_at, expires_at, closed_at) SELECT @Id, gen_random_uuid(), 'ai-chat', 19, 19, 'settled', @now, @now, @now", new { user.Id, now = app.Clock.GetUtcNow() });

        var answer = await app.AskAsync(user, "Hello");
        var page = await app.SignedInAs(user).PostFormAsync("/chat/send", new { text = "Keep me" }, from: "/chat");

        Assert.Contains("DAILY_LIMIT", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var html = await page.ReadHtmlAsync();
        Assert.Contains("20 messages a day", html.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Keep me", html.QuerySelector("#message")!.TextContent);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>", "&lt;script&gt;")]
    [InlineData("<img src=x onerror=alert(1)>", "&lt;img")]
    [InlineData("[x](javascript:alert(1))", "<p>x</p>")]
    [InlineData("[x](JaVaScRiPt&#58;alert(1))", "<p>x</p>")]
    [InlineData("[x](data:text/html,<script>)", "x")]
    [InlineData("[x](//evil.example)", "<p>x</p>")]
    [InlineData("<javascript:alert(1)>", "javascript:alert(1)")]
    [InlineData("![cat](https://evil.example/pixel.png)", "href=\"https://evil.example/pixel.png\">cat</a>")]
    [InlineData("[x]: javascript:alert(1)\n\n[x]", "<p>x</p>")]
    [InlineData("[x](https://example.com \"a\\\" onclick=\\\"alert(1)\")", "href=\"https://example.com\">x</a>")]
    [InlineData("```\"><script>alert(1)</script>\ncode\n```", "&lt;script&gt;")]
    [InlineData("https://example.com", "href=\"https://example.com\"")]
    [InlineData("<me@example.com>", "href=\"mailto:me@example.com\"")]
    public void What_a_model_wrote_runs_nothing_and_loads_nothing(string markdown, string shown)
    {
        using var writer = new StringWriter();
        app.Services.GetRequiredService<AnswerHtml>().Render(markdown).WriteTo(writer, System.Text.Encodings.Web.HtmlEncoder.Default);
        var html = writer.ToString();

        Assert.Contains(shown, html, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?i)<(script|img|svg|iframe|style|object)|href=\"(?!https?:|mailto:)|\\son\\w+=\"|style=", html);
    }

    [Fact]
    public void A_table_is_aligned_without_style_and_headings_go_on_below_the_answers_own()
    {
        using var writer = new StringWriter();
        app.Services.GetRequiredService<AnswerHtml>().Render("# Title\n\n| a | b |\n|---|--:|\n| 1 | 2 |").WriteTo(writer, System.Text.Encodings.Web.HtmlEncoder.Default);

        Assert.Contains("<h3>Title</h3>", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains("<td class=\"r\">2</td>", writer.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("style", writer.ToString(), StringComparison.Ordinal);
    }
}
