using System.Collections.Concurrent;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Billing;

public sealed class SharedReadTests(SharedReadTests.App app) : IClassFixture<SharedReadTests.App>
{
    [Fact]
    public async Task One_read_answers_the_events_of_every_object_that_it_shows()
    {
        var user = await app.GivenSubscriberAsync("starter");
        await app.ExecuteAsync("UPDATE stripe_events SET state = 'received', finished_at = NULL, next_attempt_at = @now WHERE user_id = @Id", new { user.Id, now = app.Clock.GetUtcNow() });
        Assert.Equal(["checkout.session", "invoice", "subscription"], await app.QueryAsync<string>("SELECT DISTINCT object_kind FROM stripe_events WHERE state = 'received' ORDER BY 1"));
        app.Paths.Clear();

        await app.Service<ApplyStripeEventsJob>().RunAsync(CancellationToken.None);

        Assert.Equal(["checkout", "subscriptions"], app.Paths.Select(path => path.Split('/')[2]));
        Assert.Empty(await app.QueryAsync<string>("SELECT id FROM stripe_events WHERE user_id = @Id AND (state <> 'done' OR reason <> 'agreed already')", new { user.Id }));
    }

    /// <summary>Notes which addresses of Stripe the application reads.</summary>
    public sealed class App : PayerApp
    {
        public ConcurrentQueue<string> Paths { get; } = new();

        protected override void ConfigureServices(IServiceCollection services)
        {
            base.ConfigureServices(services);
            services.AddHttpClient(nameof(StripeGateway)).AddHttpMessageHandler(() => new NotingHandler(Paths));
        }
    }

    private sealed class NotingHandler(ConcurrentQueue<string> paths) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            paths.Enqueue(request.RequestUri!.AbsolutePath);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
