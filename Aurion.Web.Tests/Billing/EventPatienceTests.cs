using System.Net;
using Aurion.Sandbox.Stripe.Control;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Billing;

/// <summary>What an event is charged with: its own faults, and neither ours nor Stripe's.</summary>
public sealed class EventPatienceTests(EventPatienceTests.App app) : IClassFixture<EventPatienceTests.App>
{
    [Theory]
    [InlineData(CallFaultKind.Unauthorized)]
    [InlineData(CallFaultKind.Forbidden)]
    public async Task A_key_that_Stripe_refuses_for_a_day_costs_no_event_an_attempt_and_is_shown(CallFaultKind kind)
    {
        var user = await app.GivenUserAsync();
        var page = await app.OpenCheckoutAsync(user, "plus");
        using (app.Stripe.Faults.OnCall("GET *", kind, times: int.MaxValue))
        {
            await app.PayAsync(page);
            for (var hours = 0; hours < 24; hours++)
                await app.AdvanceAsync(TimeSpan.FromHours(1));

            Assert.Equal(["received 0"], await app.QueryAsync<string>("""
                SELECT DISTINCT state || ' ' || attempts FROM stripe_events WHERE state NOT IN ('done', 'ignored')
                """));
            Assert.Contains("STRIPE_SECRET_KEY", await app.ScalarAsync<string>("SELECT subject FROM job_failures WHERE job = 'ApplyStripeEventsJob' AND subject <> ''"), StringComparison.Ordinal);
            Assert.Equal("free", (await app.AccountAsync(user)).Plan);
        }

        // At most five minutes after the key is mended.
        await app.AdvanceAsync(TimeSpan.FromMinutes(5));

        Assert.Equal((5000, "plus"), ((await app.AccountAsync(user)).Total, (await app.AccountAsync(user)).Plan));
        Assert.Empty(await app.QueryAsync<string>("SELECT id FROM stripe_events WHERE state NOT IN ('done', 'ignored')"));
    }

    [Fact]
    public async Task A_slow_batch_keeps_what_it_has_claimed()
    {
        var people = new List<TestUser>();
        for (var i = 0; i < 9; i++)
            people.Add(await app.GivenSubscriberAsync("starter"));
        await app.ExecuteAsync("UPDATE stripe_events SET state = 'received', attempts = 0, next_attempt_at = @now WHERE type = 'customer.subscription.created'", new { now = app.Clock.GetUtcNow() });
        var waiting = await app.ScalarAsync<int>("SELECT count(*)::int FROM stripe_events WHERE state = 'received'");
        Assert.True(waiting > 8);

        // Eight objects are read at a time: the ninth begins when the lease of all of them is nearly over.
        app.Slow.Hold(8);
        var batch = app.Service<ApplyStripeEventsJob>().RunAsync(CancellationToken.None);
        await app.Slow.ArrivedAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(100));
        var next = app.Slow.Hold(waiting - 8);
        await app.Slow.ArrivedAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(40));
        await app.Service<ApplyStripeEventsJob>().RunAsync(CancellationToken.None);
        next.SetResult();
        await batch;

        Assert.Equal([1], await app.QueryAsync<int>("SELECT DISTINCT attempts FROM stripe_events WHERE type = 'customer.subscription.created'"));
    }

    [Fact]
    public async Task The_content_of_an_event_goes_after_its_time_and_the_page_says_so()
    {
        var user = await app.GivenSubscriberAsync("starter");
        var id = await app.ScalarAsync<string>("SELECT id FROM stripe_events WHERE user_id = @Id AND state = 'done' LIMIT 1", new { user.Id });
        await app.ExecuteAsync("UPDATE stripe_events SET state = 'failed' WHERE id = (SELECT id FROM stripe_events WHERE user_id = @Id AND id <> @heard LIMIT 1)", new { user.Id, heard = id });
        Assert.Equal(0, await ForgottenAfterAsync(user, 89));

        var forgotten = await ForgottenAfterAsync(user, 2);

        Assert.True(forgotten > 0);
        Assert.Equal(1, await app.ScalarAsync<int>("SELECT count(*)::int FROM stripe_events WHERE user_id = @Id AND payload IS NOT NULL", new { user.Id }));
        var page = await app.SignedInAs(await app.GivenUserAsync(email: "admin@test.example")).GetPageAsync($"/admin/events/{id}");
        Assert.Contains("was removed after the time", page.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        await app.ExecuteAsync("UPDATE stripe_events SET state = 'done' WHERE state = 'failed'");
    }

    private async Task<int> ForgottenAfterAsync(TestUser user, int days)
    {
        app.Clock.Advance(TimeSpan.FromDays(days));
        await app.Service<ForgetStripeEventsJob>().RunAsync(CancellationToken.None);
        return await app.ScalarAsync<int>("SELECT count(*)::int FROM stripe_events WHERE user_id = @Id AND payload IS NULL", new { user.Id });
    }

    public sealed class App : PayerApp
    {
        public SlowStripe Slow { get; } = new();

        protected override void ConfigureServices(IServiceCollection services)
        {
            base.ConfigureServices(services);
            services.AddHttpClient(nameof(StripeGateway)).ConfigurePrimaryHttpMessageHandler(() => new Held(Slow));
        }
    }

    /// <summary>Holds calls until a gate opens; the next gate opens the one before it.</summary>
    public sealed class SlowStripe
    {
        private TaskCompletionSource gate = Opened();
        private CountdownEvent? awaited;

        public TaskCompletionSource Hold(int calls)
        {
            var before = gate;
            awaited = new CountdownEvent(calls);
            gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
            before.TrySetResult();
            return gate;
        }

        public async Task ArrivedAsync()
        {
            for (var tries = 0; !awaited!.IsSet; tries++)
            {
                Assert.True(tries < 600, "The calls never came.");
                await Task.Delay(50);
            }
        }

        public Task PassAsync()
        {
            var mine = gate.Task;
            if (!mine.IsCompleted && awaited is { IsSet: false })
                awaited.Signal();
            return mine;
        }

        private static TaskCompletionSource Opened()
        {
            var open = new TaskCompletionSource();
            open.SetResult();
            return open;
        }
    }

    private sealed class Held(SlowStripe slow) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await slow.PassAsync();
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
