using System.Net;
using System.Text;
using System.Text.Json;
using Aurion.Web.Billing;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aurion.Web.Tests.Billing;

/// <summary>A fresh shop with a fresh database, to whose webhook a recorded life is delivered, for as many copies of the person as are wanted.</summary>
public sealed class ReplayApp : AurionApp, IAsyncDisposable
{
    private readonly RecordingApp lived;
    private HttpClient stripe = null!;

    private ReplayApp(RecordingApp lived)
    {
        this.lived = lived;
        MomentOf = _ => lived.Recording.At(Clock.GetUtcNow());
    }

    public Guid[] People { get; private set; } = [];

    /// <summary>The moment up to which Stripe has lived, for each copy; by the clock when nothing is said.</summary>
    public Func<int, int> MomentOf { get; set; }

    /// <summary>Whether Stripe is away at this time.</summary>
    public Func<DateTimeOffset, bool> IsAway { get; set; } = _ => false;

    protected override IDictionary<string, string> Settings =>
        new Dictionary<string, string>(base.Settings, StringComparer.Ordinal) { ["STRIPE_API_BASE"] = lived.Stripe.Address };

    public static async Task<ReplayApp> StartAsync(RecordingApp lived, int copies)
    {
        var app = new ReplayApp(lived);
        app.Clock.StopAt(lived.Recording.Moments[0].At);
        await app.InitializeAsync();
        using (var scope = app.Services.CreateScope())
            await scope.ServiceProvider.GetRequiredService<StripeSetup>().OfferPlansAsync(new Dictionary<string, string>(StringComparer.Ordinal), CancellationToken.None);
        var born = await lived.ScalarAsync<DateTime>("SELECT created_at FROM profiles WHERE id = @Id", new { lived.Person.Id });
        app.People = [.. Enumerable.Range(0, copies).Select(_ => Guid.CreateVersion7(app.Clock.GetUtcNow()))];
        await app.ExecuteAsync("INSERT INTO auth.users (id, email, created_at) SELECT id, id || '@test.example', @born FROM unnest(@People) AS id", new { app.People, born });
        app.stripe = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 8 }) { BaseAddress = app.ClientOptions.BaseAddress };
        return app;
    }

    protected override void ConfigureServices(IServiceCollection services)
    {
        base.ConfigureServices(services);
        WithoutJobEngine(services);
        // Hundreds of thousands of lines about deliveries help nobody.
        services.PostConfigure<LoggerFilterOptions>(options => options.Rules.Clear());
        services.PostConfigure<LoggerFilterOptions>(options => options.MinLevel = LogLevel.Warning);
        services.AddHttpClient(nameof(StripeGateway))
            .ConfigurePrimaryHttpMessageHandler(() => new RecordedStripe(
                lived.Recording, copy => MomentOf(copy), copy => People[copy], body => IsAway(Clock.GetUtcNow()) ? null : body));
    }

    /// <summary>An event as it is for a copy; a repetition may come under an id of its own, as if ids told us nothing.</summary>
    public string EventFor(int copy, string template, int repetition = 0)
    {
        var body = Recording.For(copy, People[copy], template);
        var end = body.IndexOf(Recording.Suffix(copy), StringComparison.Ordinal) + Recording.Suffix(copy).Length;
        return repetition == 0 ? body : body.Insert(end, $".{repetition}");
    }

    /// <summary>Signed, to the webhook, several at once; then applied until nothing is due.</summary>
    public async Task DeliverAsync(IEnumerable<string> bodies)
    {
        var now = SignedEvents.Seconds(Clock.GetUtcNow());
        await Parallel.ForEachAsync(bodies, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (body, ct) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/stripe-webhook", UriKind.Relative)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            request.Headers.TryAddWithoutValidation("Stripe-Signature", $"t={now},v1={SignedEvents.Signature(body, now)}");
            using var response = await stripe.SendAsync(request, ct);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        });
        await ApplyAsync();
    }

    /// <summary>Applies until nothing is due.</summary>
    private async Task ApplyAsync()
    {
        using var scope = Services.CreateScope();
        await Eventually.HoldsAsync(async () =>
        {
            await scope.ServiceProvider.GetRequiredService<ApplyStripeEventsJob>().RunAsync(CancellationToken.None);
            return !await IsEventDueAsync();
        }, "no event is due");
        await scope.ServiceProvider.GetRequiredService<RefillCreditsJob>().RunAsync(CancellationToken.None);
    }

    /// <summary>Looks that were taken when Stripe was at a moment, and are written only now.</summary>
    public Task WriteLateAsync(IReadOnlyList<string> templates, int[] copies, int moment)
    {
        MomentOf = _ => moment;
        return Parallel.ForEachAsync(copies, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (copy, ct) =>
        {
            using var scope = Services.CreateScope();
            foreach (var template in templates)
            {
                var subject = JsonDocument.Parse(EventFor(copy, template)).RootElement.GetProperty("data").GetProperty("object");
                Assert.IsType<ConvergeResult.Done>(await scope.ServiceProvider.GetRequiredService<AccountConverger>().ConvergeAsync(
                    subject.GetProperty("object").GetString()!, subject.GetProperty("id").GetString()!, 1_000_000 + moment, ct));
            }
        });
    }

    /// <summary>Puts a fault into a function, as somebody might by mistake.</summary>
    public async Task PlantAsync(string function, string right, string wrong)
    {
        var text = await ScalarAsync<string>("SELECT pg_get_functiondef(@function::regproc)", new { function });
        Assert.Contains(right, text, StringComparison.Ordinal);
        await ExecuteAsync(text.Replace(right, wrong, StringComparison.Ordinal));
    }

    /// <summary>What can be seen of every copy, with the ids of the person who lived; nothing may be waiting or have failed.</summary>
    public async Task<IReadOnlyList<string>> SeenAsync(Detail detail = Detail.Named)
    {
        Assert.Empty(await QueryAsync<string>("SELECT id || ' ' || state || ' ' || coalesce(reason, last_error, '') FROM stripe_events WHERE state NOT IN ('done', 'ignored') LIMIT 10"));
        return await BooksAsync(detail);
    }

    public async Task<IReadOnlyList<string>> BooksAsync(Detail detail = Detail.Named) =>
        [.. (await this.SeenAsync(People, detail)).Select((text, copy) => text.Replace(Recording.Suffix(copy), "", StringComparison.Ordinal))];

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        stripe.Dispose();
        await ((IAsyncLifetime)this).DisposeAsync();
    }
}
