using System.Globalization;
using System.Net;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Aurion.Web.Tests.Design;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Ai;

/// <summary>A conversation through the front door: streamed, stored as it comes, paid for once.</summary>
public sealed class ChatTests(ChatApp app) : IClassFixture<ChatApp>
{
    private const string Slow = "Repeat: these few words come one by one, with time to look fail:slow";

    [Fact]
    public async Task An_answer_is_streamed_stored_and_settled_with_the_providers_cost()
    {
        var user = await app.GivenUserAsync(100);

        var told = await app.SayAsync(user, "Hello");

        Assert.Equal("Hello! I am a language model. Ask a question, paste a text to summarise, or ask for code.", told.Text);
        Assert.True(told.Deltas > 1, "The answer came in one piece.");
        Assert.Equal(("done", 1), (told.State, told.Credits));
        Assert.Equal((99, 0), (await app.SpendableAsync(user), await app.HeldAsync(user)));
        Assert.Equal((told.Text, "done", 1), (await app.QueryAsync<(string, string, int)>("SELECT content, state, credits FROM messages WHERE id = @AnswerId", new { told.AnswerId }))[0]);
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM message_parts WHERE message_id = @AnswerId", new { told.AnswerId }));
        Assert.True(await app.ScalarAsync<long>("SELECT cost_microusd FROM credit_holds WHERE id = @AnswerId", new { told.AnswerId }) > 0);
        Assert.Equal("", await app.FaultsAsync());
    }

    [Fact]
    public async Task The_next_message_carries_the_conversation_and_the_plans_price_belt()
    {
        var user = await app.GivenUserAsync(100);
        var first = await app.SayAsync(user, "Repeat: the kiln is hot");

        var second = await app.SayAsync(user, "And what is 3 * 4?", first.ConversationId);

        Assert.Equal("3 * 4 = 12", second.Text);
        using var sent = JsonDocument.Parse(app.OpenRouter.LastRequest);
        Assert.Equal(["Repeat: the kiln is hot", "the kiln is hot", "And what is 3 * 4?"], sent.RootElement.GetProperty("messages").EnumerateArray().Select(turn => turn.GetProperty("content").GetString()));
        Assert.Equal(0.6m, sent.RootElement.GetProperty("provider").GetProperty("max_price").GetProperty("completion").GetDecimal());
        Assert.Equal(1500, sent.RootElement.GetProperty("max_tokens").GetInt32());
        var page = await app.SignedInAs(user).GetPageAsync($"/chat/{first.ConversationId}");
        Assert.Equal(4, page.QuerySelectorAll(".stream > .msg").Length);
        Assert.Equal("Repeat: the kiln is hot", page.QuerySelector(".convos [aria-current]")!.TextContent);
    }

    [Fact]
    public async Task A_reader_who_left_goes_on_where_it_was_and_another_tab_reads_the_same()
    {
        var user = await app.GivenUserAsync(100);
        ToldAnswer begun;
        using (var answer = await app.AskAsync(user, Slow))
            begun = await ChatApp.ReadAsync(answer, untilDeltas: 3);

        using var tab = app.WithToken(user).Http;
        tab.DefaultRequestHeaders.Add("Last-Event-ID", begun.Text.Length.ToString(null, null));
        var rest = await tab.GetStringAsync(new Uri($"/api/ai-chat/{begun.AnswerId}?from=0", UriKind.Relative));
        var whole = await ChatApp.ReadAsync(await app.WithToken(user).GetAsync($"/api/ai-chat/{begun.AnswerId}"));

        Assert.DoesNotContain($"\"{begun.Text[..3]}", rest, StringComparison.Ordinal);
        Assert.Contains("event: end", rest, StringComparison.Ordinal);
        Assert.StartsWith(begun.Text, whole.Text, StringComparison.Ordinal);
        Assert.Equal(("done", 99), (whole.State, await app.SpendableAsync(user)));
    }

    [Fact]
    public async Task Another_web_shows_the_answer_as_it_is_written_and_can_stop_it()
    {
        var user = await app.GivenUserAsync(100);
        using var answer = await app.AskAsync(user, Slow);
        var begun = await ChatApp.ReadAsync(answer, untilDeltas: 2);
        await using var other = await SecondNode.StartAsync(app);

        var elsewhere = await ChatApp.ReadAsync(await other.WithToken(user).Http.GetAsync(new Uri($"/api/ai-chat/{begun.AnswerId}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead), untilDeltas: 2);
        var stopped = await other.SignedInAs(user).PostFormAsync("/chat/stop", new { answer = begun.AnswerId }, from: "/account");

        Assert.StartsWith(begun.Text, elsewhere.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, stopped.StatusCode);
        var end = await ChatApp.ReadAsync(await other.WithToken(user).GetAsync($"/api/ai-chat/{begun.AnswerId}"));
        Assert.Equal(("stopped", 1), (end.State, end.Credits));
        Assert.Equal((99, 0), (await app.SpendableAsync(user), await app.HeldAsync(user)));
    }

    [Fact]
    public async Task Stopping_before_the_first_word_costs_nothing_and_after_it_what_arrived()
    {
        var user = await app.GivenUserAsync(100);
        using var silent = await app.AskAsync(user, "fail:silence");
        var started = await ChatApp.ReadAsync(silent, untilDeltas: 0);

        await app.SignedInAs(user).PostFormAsync("/chat/stop", new { answer = started.AnswerId }, from: $"/chat/{started.ConversationId}");

        Assert.Equal((100, 0), (await app.SpendableAsync(user), await app.HeldAsync(user)));
        var page = await app.SignedInAs(user).GetPageAsync($"/chat/{started.ConversationId}");
        Assert.Contains("You were not charged.", page.QuerySelector(".notice")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("You stopped this answer.", page.QuerySelector(".notice")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_metered_model_is_held_at_its_ceiling_and_charged_by_its_tokens()
    {
        var user = await app.GivenUserAsync(100);
        await app.ExecuteAsync("UPDATE user_plans SET plan_type = 'plus' WHERE user_id = @Id", new { user.Id });

        var told = await app.SayAsync(user, "Compare tea and coffee", model: MeterApp.Metered);

        var (ceiling, credits, lost) = (await app.QueryAsync<(int, int, int)>("SELECT ceiling, credits, lost_credits FROM credit_holds WHERE id = @AnswerId", new { told.AnswerId }))[0];
        Assert.InRange(credits, 1, ceiling - 1);
        Assert.Equal((0, 100 - credits), (lost, await app.SpendableAsync(user)));
    }

    [Fact]
    public async Task A_message_that_may_cost_more_than_its_button_says_is_sent_after_a_second_yes_to_that_price()
    {
        var user = await app.GivenUserAsync(100);
        await app.ExecuteAsync("UPDATE user_plans SET plan_type = 'plus' WHERE user_id = @Id", new { user.Id });
        var browser = app.SignedInAs(user);
        var shown = (await browser.GetPageAsync($"/chat?model={MeterApp.Metered}")).QuerySelector("#send")!.GetAttribute("data-min-credits");
        async Task<IHtmlDocument> SendAsync(string text, string? agreed = null) =>
            await (await browser.PostFormAsync("/chat/send", new { text, model = MeterApp.Metered, agreed = agreed ?? "0" }, from: "/chat")).ReadHtmlAsync();

        var text = new string('x', 30_000);
        var asked = await SendAsync(text);
        var price = asked.QuerySelector("input[name=agreed]")!.GetAttribute("value")!;
        Assert.True(int.Parse(price, CultureInfo.InvariantCulture) > int.Parse(shown!, CultureInfo.InvariantCulture));
        Assert.Equal(text, asked.QuerySelector("textarea[name=text]")!.TextContent);
        // A longer text than the one that was agreed to is asked about again.
        Assert.NotNull((await SendAsync(text + text, price)).QuerySelector("input[name=agreed]"));
        Assert.Equal((100, 0), (await app.SpendableAsync(user), await app.HeldAsync(user)));

        Assert.Null((await SendAsync(text, price)).QuerySelector("input[name=agreed]"));
        Assert.Equal(price, (await app.ScalarAsync<int>("SELECT ceiling FROM credit_holds WHERE user_id = @Id", new { user.Id })).ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Two_messages_at_once_on_one_credit_are_one_answer()
    {
        var user = await app.GivenUserAsync(1);

        var answers = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => app.AskAsync(user, "Hello"))));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Forbidden], answers.Select(answer => answer.StatusCode).Order());
        await ChatApp.ReadAsync(answers.Single(answer => answer.IsSuccessStatusCode));
        Assert.Equal((0, 0), (await app.SpendableAsync(user), await app.HeldAsync(user)));
        Assert.Contains("INSUFFICIENT_CREDITS", await answers.Single(answer => !answer.IsSuccessStatusCode).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("", await app.FaultsAsync());
    }

    [Fact]
    public async Task A_conversation_writes_one_answer_at_a_time()
    {
        var user = await app.GivenUserAsync(100);
        using var answer = await app.AskAsync(user, Slow);
        var begun = await ChatApp.ReadAsync(answer, untilDeltas: 1);

        var second = await app.AskAsync(user, "Hello", begun.ConversationId);

        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Equal(1, await app.HeldAsync(user));
        await app.SignedInAs(user).PostFormAsync("/chat/stop", new { answer = begun.AnswerId }, from: $"/chat/{begun.ConversationId}");
    }

    [Fact]
    public async Task A_run_whose_process_died_is_settled_for_what_arrived_or_released()
    {
        var user = await app.GivenUserAsync(100);
        var (first, second) = (await app.SayAsync(user, "Hello"), await app.SayAsync(user, "Hello"));
        foreach (var (told, text) in new[] { (first, "Some words"), (second, "") })
        {
            // As kill -9 leaves it: an open hold, an answer that is being written, the pieces that were stored.
            var (id, _) = await app.HoldAsync(user);
            await app.ExecuteAsync("""
                INSERT INTO messages (user_id, id, conversation_id, parent_id, role, content, created_at, state, model_id, prompt_tokens)
                VALUES (@Id, @id, @ConversationId, @AnswerId, 'assistant', '', @now, 'writing', 'openai/gpt-4o-mini', 12);
                INSERT INTO message_parts SELECT @Id, @id, 0, length(@text), @text WHERE @text <> '';
                """.Replace("@Id", "@User", StringComparison.Ordinal), new { User = user.Id, id, told.ConversationId, told.AnswerId, text, now = app.Clock.GetUtcNow() });
        }
        await app.RunJobAsync();
        Assert.Equal(2, await app.HeldAsync(user));
        app.Clock.Advance(TimeSpan.FromMinutes(3));

        await Task.WhenAll(app.RunJobAsync(), app.RunJobAsync());

        Assert.Equal((97, 0), (await app.SpendableAsync(user), await app.HeldAsync(user)));
        Assert.Equal(["Some words broken", " failed"], await app.QueryAsync<string>("SELECT content || ' ' || state FROM messages WHERE user_id = @Id AND reason = 'interrupted' ORDER BY content DESC", new { user.Id }));
        Assert.Equal("", await app.FaultsAsync());
    }

    [Fact]
    public async Task An_edit_and_another_answer_are_branches_that_keep_the_first()
    {
        var user = await app.GivenUserAsync(100);
        var browser = app.SignedInAs(user);
        var first = await app.SayAsync(user, "Repeat: one");
        var page = await browser.GetPageAsync($"/chat/{first.ConversationId}");
        var question = page.QuerySelector(".you")!.Id![2..];

        await browser.PostFormAsync("/chat/send", new { conversation = first.ConversationId, editOf = question, text = "Repeat: two" }, from: $"/chat/{first.ConversationId}?edit={question}");
        var edited = await browser.GetPageAsync($"/chat/{first.ConversationId}");
        var again = await browser.PostFormAsync("/chat/again", new { answer = edited.QuerySelectorAll(".msg")[^1].Id![2..] }, from: $"/chat/{first.ConversationId}");

        Assert.Equal(["Repeat: two", "two"], edited.QuerySelectorAll(".ask, .md").Select(text => text.TextContent.Trim()));
        Assert.Contains("2 / 2", edited.QuerySelector(".branch")!.TextContent, StringComparison.Ordinal);
        var old = await browser.GetPageAsync(edited.QuerySelector(".branch a")!.GetAttribute("href")!);
        Assert.Equal(["Repeat: one", "one"], old.QuerySelectorAll(".ask, .md").Select(text => text.TextContent.Trim()));
        Assert.Equal(HttpStatusCode.Redirect, again.StatusCode);
        await Eventually.HoldsAsync(async () => await app.SpendableAsync(user) == 97 && await app.HeldAsync(user) == 0, "the second answer is settled");
        Assert.Equal("2 / 2", (await browser.GetPageAsync($"/chat/{first.ConversationId}")).QuerySelector(".acts .branch span:not(.sr)")!.TextContent);
    }

    [Fact]
    public async Task Without_script_a_message_is_posted_and_its_page_has_the_answer()
    {
        var browser = app.SignedInAs(await app.GivenUserAsync(100));

        var sent = await browser.PostFormAsync("/chat/send", new { text = "Compare tea and coffee" }, from: "/chat");
        var page = await browser.GetPageAsync(sent.Headers.Location!.OriginalString);

        Assert.NotNull(page.QuerySelector(".md table"));
        Assert.Contains("1 credit", page.QuerySelector(".tear .cost")!.TextContent, StringComparison.Ordinal);
        Assert.Null(page.QuerySelector("noscript meta"));
    }

    [Fact]
    public async Task The_same_form_sent_twice_is_one_message()
    {
        var user = await app.GivenUserAsync(100);
        var browser = app.SignedInAs(user);
        var answer = app.NewRun();

        var first = await browser.PostFormAsync("/chat/send", new { text = "Hello", answer }, from: "/chat");
        var second = await browser.PostFormAsync("/chat/send", new { text = "Hello", answer }, from: "/chat");

        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(99, await app.SpendableAsync(user));
    }

    [Fact]
    public async Task A_conversation_is_renamed_found_exported_shared_and_deleted()
    {
        var user = await app.GivenUserAsync(100);
        var browser = app.SignedInAs(user);
        var told = await app.SayAsync(user, "Repeat: celadon crawls");
        var page = $"/chat/{told.ConversationId}";

        await browser.PostFormAsync(page + "/rename", new { title = "Glaze" }, from: page);
        Assert.Equal("Glaze", (await browser.GetPageAsync("/chat?q=CELADON")).QuerySelector(".convos li > a[href^='/chat/']")!.TextContent);
        Assert.Empty((await browser.GetPageAsync("/chat?q=porcelain")).QuerySelectorAll(".convos li > a[href^='/chat/']"));
        Assert.Contains("celadon crawls", await browser.Http.GetStringAsync(new Uri(page + "/export.md", UriKind.Relative)), StringComparison.Ordinal);
        using var json = JsonDocument.Parse(await browser.Http.GetStringAsync(new Uri(page + "/export.json", UriKind.Relative)));
        Assert.True(json.RootElement.GetProperty("messages")[1].GetProperty("writtenByMachine").GetBoolean());

        await browser.PostFormAsync(page + "/share", new { open = "true" }, from: page);
        var link = (await browser.GetPageAsync(page)).QuerySelector("a[href^='/chat/shared/']")!.GetAttribute("href")!;
        var shared = await app.Anonymous().GetPageAsync(link);
        Assert.Equal("celadon crawls", shared.QuerySelector(".md")!.TextContent.Trim());
        Assert.Equal([], await app.Anonymous().ListMissingStylesAsync(shared));
        Assert.Contains(shared.Scripts, script => script.Source!.Contains("/app.", StringComparison.Ordinal));
        await browser.PostFormAsync(page + "/share", new { open = "false" }, from: page);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Anonymous().GetAsync(link)).StatusCode);

        await browser.PostFormAsync(page + "/delete", from: page);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(page)).StatusCode);
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM messages WHERE user_id = @Id", new { user.Id }));
        Assert.Equal(99, await app.SpendableAsync(user));
    }

    [Fact]
    public async Task Deleting_while_an_answer_is_written_pays_for_what_arrived()
    {
        var user = await app.GivenUserAsync(100);
        using var answer = await app.AskAsync(user, Slow);
        var begun = await ChatApp.ReadAsync(answer, untilDeltas: 3);

        await app.SignedInAs(user).PostFormAsync($"/chat/{begun.ConversationId}/delete", from: $"/chat/{begun.ConversationId}");

        Assert.Equal((99, 0), (await app.SpendableAsync(user), await app.HeldAsync(user)));
        Assert.Equal("", await app.FaultsAsync());
    }

    [Fact]
    public async Task A_closed_account_leaves_no_conversation_and_what_was_being_written_is_released()
    {
        var user = await app.GivenUserAsync(100);
        await app.SayAsync(user, "Repeat: my secret");
        using var answer = await app.AskAsync(user, Slow);
        var begun = await ChatApp.ReadAsync(answer, untilDeltas: 2);

        await app.ExecuteAsync("SELECT close_account(@Id, @now)", new { user.Id, now = app.Clock.GetUtcNow() });

        Assert.Equal(0, await app.ScalarAsync<int>("SELECT (SELECT count(*) FROM conversations WHERE user_id = @Id)::int + (SELECT count(*) FROM messages WHERE user_id = @Id)::int + (SELECT count(*) FROM message_parts WHERE user_id = @Id)::int", new { user.Id }));
        await Eventually.HoldsAsync(async () => await app.HeldAsync(user) == 0, "the run is closed");
        Assert.Equal("released", await app.ScalarAsync<string>("SELECT state FROM credit_holds WHERE id = @AnswerId", new { begun.AnswerId }));
        Assert.Equal("", await app.FaultsAsync());
    }

    [Fact]
    public async Task A_pinned_conversation_stays_on_top_of_newer_ones_until_it_is_unpinned()
    {
        var (user, other) = (await app.GivenUserAsync(100), await app.GivenUserAsync(100));
        var browser = app.SignedInAs(user);
        var first = (await app.SayAsync(user, "Repeat: the first")).ConversationId;
        await app.SayAsync(user, "Repeat: the second");

        async Task<string> TopAsync() => (await browser.GetPageAsync("/chat")).QuerySelector(".convos ul:last-of-type a")!.TextContent;

        Assert.Contains("the second", await TopAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await app.SignedInAs(other).PostFormAsync($"/chat/{first}/pin", new { pinned = true }, from: "/chat")).StatusCode);
        await browser.PostFormAsync($"/chat/{first}/pin", new { pinned = true }, from: $"/chat/{first}");
        Assert.Contains("Pinned:", await TopAsync(), StringComparison.Ordinal);
        Assert.Contains("the first", await TopAsync(), StringComparison.Ordinal);
        await browser.PostFormAsync($"/chat/{first}/pin", new { pinned = false }, from: $"/chat/{first}");
        Assert.Contains("the second", await TopAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Instructions_go_before_each_message()
    {
        var user = await app.GivenUserAsync(100);
        var told = await app.SayAsync(user, "Hello");
        await app.SignedInAs(user).PostFormAsync($"/chat/{told.ConversationId}/instructions", new { instructions = "Be brief." }, from: $"/chat/{told.ConversationId}");

        await app.SayAsync(user, "Hello", told.ConversationId);

        using var sent = JsonDocument.Parse(app.OpenRouter.LastRequest);
        Assert.Equal(("system", "Be brief."), (sent.RootElement.GetProperty("messages")[0].GetProperty("role").GetString(), sent.RootElement.GetProperty("messages")[0].GetProperty("content").GetString()));
    }
}
