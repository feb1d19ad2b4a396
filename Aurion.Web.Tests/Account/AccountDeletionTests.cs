using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aurion.Sandbox.Stripe.Control;
using Aurion.Web.Account.Deletion;
using Aurion.Web.Billing.Purchases;
using Aurion.Web.Billing.Subscriptions;
using Aurion.Web.Infrastructure.Mail;
using Aurion.Web.Tests.Billing;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Account;

/// <summary>An account from the wish to be forgotten until nothing names its owner any more.</summary>
public sealed class AccountDeletionTests(MailApp app) : IClassFixture<MailApp>
{
    private static int people;

    /// <summary>What keeps rows of an erased account, with the reason.</summary>
    private static readonly string[] Books =
    [
        "account_deletions", "profiles", "user_plans", "user_credits", "usage_logs", "credit_grants", "credit_holds", "tool_sessions", "tool_runs", "plan_grants", "purchases",
        "user_subscriptions", "plan_change_intents", "duplicate_subscriptions", "stripe_invoices", "stripe_customers", "former_stripe_customers", "stripe_events", "mails",
    ];

    [Fact]
    public async Task After_thirty_days_no_table_of_the_database_names_the_person_and_the_ledger_still_verifies()
    {
        var (user, browser) = await GivenFullAccountAsync();
        var customer = await app.ScalarAsync<string>("SELECT customer_id FROM stripe_customers WHERE user_id = @Id", new { user.Id });
        string[] traces = [user.Email, NameOf(user), PromptOf(user), NameOf(user).Split(' ')[1]];
        var before = await DumpAsync();
        Assert.All(traces, trace => Assert.Contains(trace, before, StringComparison.OrdinalIgnoreCase));
        Assert.NotEqual(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM stripe_events WHERE payload::text LIKE '%' || @customer || '%'", new { customer }));
        var movements = await app.ScalarAsync<int>("SELECT count(*)::int FROM usage_logs WHERE user_id = @Id", new { user.Id });

        (await browser.PostAsync("/account/delete")).AssertGoesTo("/account/deleted");
        await app.Service<SendMailsJob>().RunAsync(CancellationToken.None);
        await RunDueAsync(AccountDeletions.Grace - TimeSpan.FromMinutes(30));
        Assert.Equal(user.Email, await app.ScalarAsync<string>("SELECT email FROM profiles WHERE id = @Id", new { user.Id }));
        await RunDueAsync(TimeSpan.FromMinutes(30));

        Assert.Equal("Your account is deleted", (await app.MailboxAsync(user.Email))[^1].Subject);
        var dump = await DumpAsync();
        Assert.All(traces, trace => Assert.DoesNotContain(trace, dump, StringComparison.OrdinalIgnoreCase));
        Assert.Empty(await app.QueryAsync<string>("SELECT fault FROM ledger_faults()"));
        Assert.Equal(movements, await app.ScalarAsync<int>("SELECT count(*)::int FROM usage_logs WHERE user_id = @Id AND action_type NOT IN ('plan_cancelled', 'credits_reset')", new { user.Id }));
        Assert.Empty(await app.QueryAsync<string>("SELECT type FROM stripe_events WHERE payload::text LIKE '%' || @customer || '%'", new { customer }));
        Assert.True((await app.AtStripeAsync(HttpMethod.Get, $"customers/{customer}")).GetProperty("deleted").GetBoolean());
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM user_subscriptions WHERE user_id = @Id AND status <> 'canceled'", new { user.Id }));
        // The address is free again.
        (await app.Anonymous().SignUpAsync(user.Email)).AssertGoesTo("/dashboard");
    }

    [Fact]
    public async Task No_other_table_keeps_a_row_of_an_erased_account()
    {
        var (user, browser) = await GivenFullAccountAsync();
        await browser.PostAsync("/account/delete");

        await RunDueAsync(AccountDeletions.Grace);

        var tables = await app.QueryAsync<(string Table, string Key)>("""
            SELECT c.relname::text, a.attname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND (a.attname = 'user_id' OR (c.relname, a.attname) = ('profiles', 'id'))
            """);
        List<string> kept = [];
        foreach (var (table, key) in tables)
            if (await app.ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM {table} WHERE {key} = @Id)", new { user.Id }))
                kept.Add(table);
        Assert.Empty(kept.Except(Books));
        Assert.Empty(Books.Except(tables.Select(t => t.Table)));
    }

    [Fact]
    public async Task An_erased_account_is_refilled_no_more_and_others_are()
    {
        var (user, browser) = await GivenFullAccountAsync();
        var other = await app.GivenUserAsync();
        await browser.PostAsync("/account/delete");
        await RunDueAsync(AccountDeletions.Grace);
        var (movements, erasedAt) = (await MovementsAsync(user), app.Clock.GetUtcNow());

        for (var month = 0; month < 3; month++)
        {
            app.Clock.Advance(TimeSpan.FromDays(32));
            await app.ExecuteAsync("SELECT reset_monthly_credits(@now)", new { now = app.Clock.GetUtcNow() });
        }

        Assert.Equal(movements, await MovementsAsync(user));
        Assert.Equal(3, await app.ScalarAsync<long>("SELECT count(*) FROM usage_logs WHERE user_id = @Id AND action_type = 'credits_reset' AND created_at > @erasedAt", new { other.Id, erasedAt }));
        Assert.Empty(await app.QueryAsync<string>("SELECT fault FROM ledger_faults()"));

        Task<long> MovementsAsync(TestUser whose) => app.ScalarAsync<long>("SELECT count(*) FROM usage_logs WHERE user_id = @Id", whose);
    }

    [Fact]
    public async Task Asking_ends_sessions_top_ups_and_the_renewal_at_once_and_takes_nothing_else()
    {
        var (user, browser) = await GivenFullAccountAsync();

        (await browser.PostAsync("/account/delete")).AssertGoesTo("/account/deleted");
        await app.Service<ApplyPlanChangesJob>().RunAsync(CancellationToken.None);
        await app.SettleAsync();

        Assert.Contains("Your account will be deleted", (await browser.GetPageAsync("/account/deleted")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Null(browser.Jar["aurion"]);
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM account_sessions WHERE user_id = @Id AND revoked_at IS NULL", new { user.Id }));
        Assert.False(await app.ScalarAsync<bool>("SELECT enabled FROM top_up_settings WHERE user_id = @Id", new { user.Id }));
        Assert.True(await app.ScalarAsync<bool>("SELECT cancel_at_period_end FROM user_subscriptions WHERE user_id = @Id", new { user.Id }));
        Assert.Equal(1, await app.ScalarAsync<int>("SELECT count(*)::int FROM conversations WHERE user_id = @Id", new { user.Id }));
        Assert.Equal("plus", (await app.AccountAsync(user)).Plan);
    }

    [Fact]
    public async Task A_payment_page_that_is_open_closes_with_the_wish()
    {
        var (user, browser) = await GivenAccountAsync();
        await app.OpenCheckoutAsync(await app.SignInAsync(user.Id, user.Email), "starter");

        await browser.PostAsync("/account/delete");
        await app.Service<ClosePaymentPagesJob>().RunAsync(CancellationToken.None);

        Assert.Equal("expired", (await app.AtStripeAsync(HttpMethod.Get, $"checkout/sessions/{await app.ScalarAsync<string>("SELECT session_id FROM purchases WHERE user_id = @Id", new { user.Id })}")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_mailed_link_keeps_the_account_when_its_form_is_sent_and_not_when_it_is_opened()
    {
        var (user, browser) = await GivenAccountAsync();
        await browser.PostAsync("/account/delete");
        var link = await LinkAsync(user);
        var (scanner, owner) = (app.Anonymous(), app.Anonymous());

        (await scanner.GetAsync(link)).AssertGoesTo("/account/keep");
        await scanner.GetPageAsync("/account/keep");
        Assert.True(await IsLeavingAsync(user));
        await owner.GetAsync(link);
        (await owner.PostAsync("/account/keep")).AssertGoesTo("/account/keep");

        Assert.False(await IsLeavingAsync(user));
        Assert.Contains("Your account stays", (await owner.GetPageAsync("/account/keep")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["Your account stays"], (await app.MailboxAsync(user.Email)).Skip(1).Select(mail => mail.Subject));
        (await app.Anonymous().SignInAsync(user.Email)).AssertGoesTo("/dashboard");
        await RunDueAsync(AccountDeletions.Grace);
        (await app.Anonymous().SignInAsync(user.Email)).AssertGoesTo("/dashboard");
    }

    [Fact]
    public async Task Signing_in_opens_no_session_and_asks_first_whether_the_account_stays()
    {
        var (user, browser) = await GivenAccountAsync();
        await browser.PostAsync("/account/delete");

        (await browser.SignInAsync(user.Email, "not the password 77")).Dispose();
        (await browser.SignInAsync(user.Email)).AssertGoesTo("/account/keep");
        Assert.Null(browser.Jar["aurion"]);
        (await browser.PostAsync("/account/keep")).AssertGoesTo("/account/keep");
        (await browser.SignInAsync(user.Email)).AssertGoesTo("/dashboard");
    }

    [Fact]
    public async Task A_wrong_password_says_nothing_of_the_deletion()
    {
        var (user, browser) = await GivenAccountAsync();
        await browser.PostAsync("/account/delete");

        var refused = await app.Anonymous().SignInAsync(user.Email, "not the password 77");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal("Wrong e-mail or password.", (await refused.ReadHtmlAsync()).Refusal());
    }

    [Fact]
    public async Task An_old_link_a_forged_one_and_one_that_comes_too_late_keep_nothing()
    {
        var (user, browser) = await GivenAccountAsync();
        await browser.PostAsync("/account/delete");
        var old = await LinkAsync(user);
        await app.Anonymous().GetAsync(old);
        await KeepAsync(old);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await browser.SignInAsync(user.Email);
        await browser.PostAsync("/account/delete");

        Assert.Equal(HttpStatusCode.Gone, await KeepAsync(old));
        Assert.Equal(HttpStatusCode.Gone, await KeepAsync(old + "x"));
        Assert.True(await IsLeavingAsync(user));
        var link = await LinkAsync(user);
        await RunDueAsync(AccountDeletions.Grace);
        Assert.Equal(HttpStatusCode.Gone, await KeepAsync(link));
    }

    [Fact]
    public async Task Programs_ask_with_their_token_which_is_dead_afterwards()
    {
        var (user, _) = await GivenAccountAsync();
        var program = app.WithToken(await app.SignInAsync(user.Id, user.Email));

        var answer = await program.PostJsonAsync("/api/gdpr/delete-account", new { });

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var said = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("scheduled", said.GetProperty("status").GetString());
        Assert.Equal(30, (said.GetProperty("deletesAt").GetDateTime() - app.Clock.GetUtcNow().UtcDateTime).TotalDays, 0.01);
        Assert.Equal(HttpStatusCode.Unauthorized, (await program.PostJsonAsync("/api/gdpr/delete-account", new { })).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Anonymous().PostJsonAsync("/api/gdpr/delete-account", new { })).StatusCode);
    }

    [Fact]
    public async Task Of_ten_presses_at_once_one_schedules_and_of_ten_links_one_keeps()
    {
        var (user, _) = await GivenAccountAsync();
        var deletions = app.Service<AccountDeletions>();

        var wishes = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => deletions.ScheduleAsync(user.Id, CancellationToken.None)));
        Assert.Single(wishes.Distinct());
        Assert.Single(await app.MailboxAsync(user.Email));

        var kept = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => deletions.UndoAsync(new(user.Id, wishes[0].Id), CancellationToken.None)));
        Assert.Single(kept, true);
        Assert.Equal(2, (await app.MailboxAsync(user.Email)).Count);
    }

    [Theory]
    [InlineData(CallFaultKind.Unavailable)]
    [InlineData(CallFaultKind.AnswerLost)]
    [InlineData(CallFaultKind.Error)]
    [InlineData(CallFaultKind.ErrorAfterEffect)]
    public async Task Wherever_Stripe_fails_the_account_is_whole_or_gone_and_the_next_attempt_ends_it(CallFaultKind kind)
    {
        for (var nth = 1; ; nth++)
        {
            Assert.InRange(nth, 1, 10);
            var (user, browser) = await GivenAccountAsync();
            await BuyAsync(user);
            await browser.PostAsync("/account/delete");
            await app.Service<ApplyPlanChangesJob>().RunAsync(CancellationToken.None);
            app.Clock.Advance(AccountDeletions.Grace);
            bool struck;
            // The client tries a second time by itself.
            using (var fault = app.Stripe.Faults.OnCall("*", kind, nth, 2))
            {
                await app.Service<EraseAccountsJob>().RunAsync(CancellationToken.None);
                struck = fault.Struck > 0;
            }
            var (email, state) = (await app.QueryAsync<(string, string)>("SELECT p.email, d.state FROM profiles p JOIN account_deletions d ON d.user_id = p.id WHERE p.id = @Id", new { user.Id }))[0];
            Assert.Equal(state == "erased" ? ("", "erased") : (user.Email, "erasing"), (email, state));

            await RunDueAsync(TimeSpan.FromHours(1));

            Assert.Equal("erased", await app.ScalarAsync<string>("SELECT state FROM account_deletions WHERE user_id = @Id", new { user.Id }));
            Assert.True((await app.AtStripeAsync(HttpMethod.Get, $"customers/{await app.ScalarAsync<string>("SELECT customer_id FROM stripe_customers WHERE user_id = @Id", new { user.Id })}")).GetProperty("deleted").GetBoolean());
            if (!struck)
                break;
        }
    }

    [Fact]
    public async Task One_account_that_cannot_be_erased_stops_nobody_else_and_is_named()
    {
        var ((bad, first), (good, second)) = (await GivenAccountAsync(), await GivenAccountAsync());
        await first.PostAsync("/account/delete");
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await second.PostAsync("/account/delete");
        var customer = (await app.AtStripeAsync(HttpMethod.Post, "customers", ("email", bad.Email))).GetProperty("id").GetString();
        await app.ExecuteAsync("INSERT INTO stripe_customers (user_id, customer_id, created_at) VALUES (@Id, @customer, now())", new { bad.Id, customer });

        using (app.Stripe.Faults.OnCall($"DELETE /v1/customers/{customer}", CallFaultKind.Error, 1, 10))
            await RunDueAsync(AccountDeletions.Grace + TimeSpan.FromSeconds(1));

        Assert.Equal("erased", await app.ScalarAsync<string>("SELECT state FROM account_deletions WHERE user_id = @Id", new { good.Id }));
        Assert.Equal("erasing", await app.ScalarAsync<string>("SELECT state FROM account_deletions WHERE user_id = @Id", new { bad.Id }));
        Assert.Equal(1, await app.ScalarAsync<int>("SELECT times FROM job_failures WHERE job = 'EraseAccountsJob' AND subject = 'user ' || @Id", new { bad.Id }));
        await RunDueAsync(TimeSpan.FromHours(1));
        Assert.Equal("erased", await app.ScalarAsync<string>("SELECT state FROM account_deletions WHERE user_id = @Id", new { bad.Id }));
    }

    [Fact]
    public async Task What_Stripe_says_later_about_an_erased_account_is_not_kept()
    {
        var (user, browser) = await GivenAccountAsync();
        await BuyAsync(user);
        var customer = await app.ScalarAsync<string>("SELECT customer_id FROM stripe_customers WHERE user_id = @Id", new { user.Id });
        await browser.PostAsync("/account/delete");
        await RunDueAsync(AccountDeletions.Grace);

        await SignedEvents.SendSignedAsync(app, SignedEvents.Body($"evt_late{user.Id:N}", objectId: customer, extra: $",\"previous\":\"{user.Email}\""));
        await app.SettleAsync();

        Assert.Equal(1, await SignedEvents.CountAsync(app, $"evt_late{user.Id:N}"));
        Assert.DoesNotContain(user.Email, await DumpAsync(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task An_address_that_no_server_takes_the_last_mail_for_is_forgotten_all_the_same()
    {
        var (user, browser) = await GivenAccountAsync();
        await browser.PostAsync("/account/delete");
        app.Clock.Advance(AccountDeletions.Grace);
        await app.Service<EraseAccountsJob>().RunAsync(CancellationToken.None);
        Assert.Equal(user.Email, await app.ScalarAsync<string>("SELECT recipient FROM mails WHERE user_id = @Id", new { user.Id }));

        app.Clock.Advance(TimeSpan.FromDays(7) + TimeSpan.FromSeconds(1));
        await app.Service<EraseAccountsJob>().RunAsync(CancellationToken.None);

        Assert.Equal("failed:", await app.ScalarAsync<string>("SELECT concat(state, ':', recipient) FROM mails WHERE user_id = @Id", new { user.Id }));
    }

    [Fact]
    public async Task The_mails_and_pages_speak_French()
    {
        var (user, browser) = await GivenAccountAsync();
        await app.SpeakAsync(user, "fr");
        browser.Jar["lang"] = "fr";
        Assert.Contains("Supprimer mon compte", (await browser.GetPageAsync("/account/delete")).Title, StringComparison.Ordinal);

        await browser.PostAsync("/account/delete");

        Assert.StartsWith("Votre compte sera supprimé le ", Assert.Single(await app.MailboxAsync(user.Email)).Subject, StringComparison.Ordinal);
    }

    /// <summary>Somebody who left a trace wherever one can be left.</summary>
    private async Task<(TestUser User, TestClient Browser)> GivenFullAccountAsync()
    {
        var (user, browser) = await GivenAccountAsync();
        await BuyAsync(user);
        await browser.PostFormAsync("/tools/text-editor");
        await browser.PostFormAsync("/tools/text-editor/favourite", from: "/tools/text-editor");
        await app.Anonymous().AskForResetAsync(user.Email);
        await app.ExecuteAsync("""
            SELECT save_top_up(@Id, 200, 'small', 100000, 'visa', '4242', @now);
            INSERT INTO conversations (user_id, id, title, instructions, created_at, updated_at) VALUES (@Id, @Id, @Prompt, @Prompt, @now, @now);
            INSERT INTO messages (user_id, id, conversation_id, role, content, created_at) VALUES (@Id, @Id, @Id, 'user', @Prompt, @now);
            INSERT INTO attachments (user_id, id, message_id, name, kind, text, tokens, created_at) VALUES (@Id, @Id, @Id, @Prompt, 'text', @Prompt, 1, @now), (@Id, gen_random_uuid(), NULL, @Prompt, 'text', @Prompt, 1, @now);
            INSERT INTO attachment_files (user_id, attachment_id, content) VALUES (@Id, @Id, convert_to(@Prompt, 'UTF8'));
            INSERT INTO saved_prompts VALUES (@Id, @Id, left(@Prompt, 80), @Prompt, @now, @now);
            INSERT INTO message_parts (user_id, message_id, starts_at, ends_at, text) VALUES (@Id, @Id, 0, 5, @Prompt);
            INSERT INTO picture_batches (user_id, id, prompt, style, size, model_id, created_at) VALUES (@Id, @Id, @Prompt, 'none', '1:1', 'freepik/flux-dev', @now);
            INSERT INTO pictures (user_id, id, batch_id, place, seed, state, created_at, next_attempt_at, width, height, closed_at)
            VALUES (@Id, @Id, @Id, 1, 2, 'done', @now, @now, 1, 1, @now);
            INSERT INTO picture_files (user_id, picture_id, kind, content) VALUES (@Id, @Id, 'picture', convert_to(@Prompt, 'UTF8'));
            INSERT INTO works (user_id, id, tool_id, title, created_at, updated_at) VALUES (@Id, @Id, 'text-editor', @Prompt, @now, @now);
            INSERT INTO work_versions VALUES (@Id, @Id, 1, @Id, to_jsonb(@Prompt), 1, @Prompt, true, @now, @now);
            INSERT INTO agent_runs (user_id, work_id, session_id, language, state, detail, lease_until, created_at, updated_at) VALUES (@Id, @Id, @Id, 'en', 'paused', @Prompt, @now, @now, @now);
            INSERT INTO tool_runs (user_id, id, session_id, tool_id, plan_type, model_id, purpose, pays, state, answer, created_at, expires_at, closed_at)
            SELECT @Id, @Id, id, tool_id, 'plus', 'm', 'rewrite', 'included', 'done', @Prompt, @now, @now, @now FROM tool_sessions WHERE user_id = @Id LIMIT 1;
            INSERT INTO account_second_factors VALUES (@Id, 'secret', 1, @now);
            INSERT INTO account_recovery_codes (user_id, digest) VALUES (@Id, 'digest');
            INSERT INTO account_passkeys VALUES (@Id, @Id, uuid_send(@Id), 'key', 1, true, left(@Prompt, 60), @now);
            INSERT INTO account_exports VALUES (@Id, @Id, @now, @now, @now, @now + interval '1 day', 1);
            INSERT INTO account_export_parts VALUES (@Id, 0, convert_to(@Prompt, 'UTF8'));
            INSERT INTO job_failures VALUES ('SomeJob', 'user ' || @Id, @Prompt, 1, @now, @now);
            """, new { user.Id, Prompt = PromptOf(user), now = app.Clock.GetUtcNow() });
        return (user, browser);
    }

    private async Task<(TestUser User, TestClient Browser)> GivenAccountAsync()
    {
        var (email, browser) = ($"quartz{Interlocked.Increment(ref people)}heron@test.example", app.Anonymous());
        (await browser.SignUpAsync(email, name: NameOf(new(default, email, "")))).AssertGoesTo("/dashboard");
        var id = await app.ScalarAsync<Guid>("SELECT id FROM profiles WHERE email = @email", new { email });
        return (new(id, email, browser.Jar["aurion"]!), browser);
    }

    private static string NameOf(TestUser user) => $"Zelda Of{user.Email.Split('@')[0]}";

    private static string PromptOf(TestUser user) => $"the {user.Email.Split('@')[0]} that sings at noon";

    private async Task BuyAsync(TestUser user)
    {
        await app.PayAsync(await app.OpenCheckoutAsync(user, "plus"));
        await app.SettleAsync();
        Assert.Equal("plus", (await app.AccountAsync(user)).Plan);
    }

    private async Task RunDueAsync(TimeSpan after)
    {
        app.Clock.Advance(after);
        await app.Service<EraseAccountsJob>().RunAsync(CancellationToken.None);
        await app.Service<SendMailsJob>().RunAsync(CancellationToken.None);
        await app.SettleAsync();
        await app.Service<ApplyPlanChangesJob>().RunAsync(CancellationToken.None);
        await app.SettleAsync();
    }

    private async Task<string> LinkAsync(TestUser user) =>
        new Uri((await app.MailboxAsync(user.Email))[^1].Links.Single(link => link.Contains("/account/keep", StringComparison.Ordinal))).PathAndQuery;

    private async Task<HttpStatusCode> KeepAsync(string link)
    {
        var browser = app.Anonymous();
        var opened = await browser.GetAsync(link);
        if (opened.StatusCode == HttpStatusCode.Redirect)
            opened = await browser.GetAsync("/account/keep");
        if (!opened.IsSuccessStatusCode)
            return opened.StatusCode;
        return (await browser.PostAsync("/account/keep")).StatusCode;
    }

    private Task<bool> IsLeavingAsync(TestUser user) =>
        app.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM account_deletions WHERE user_id = @Id AND state = 'scheduled')", new { user.Id });

    /// <summary>Every row of every table, the job engine's included.</summary>
    private async Task<string> DumpAsync()
    {
        var tables = await app.QueryAsync<string>("SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')");
        Assert.Contains("auth.users", tables);
        List<string> rows = [];
        foreach (var table in tables)
            rows.AddRange(await app.QueryAsync<string>($"SELECT t::text FROM {table} t"));
        return string.Join('\n', rows);
    }
}
