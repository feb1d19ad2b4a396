using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Aurion.Sandbox.Stripe;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Tests.Infrastructure;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Aurion.Web.Tests.Billing;

/// <summary>The application beside the Stripe stand-in, with the shop set up and one clock for both.</summary>
public class BillingApp : AurionApp, IAsyncLifetime
{
    private string stripeDatabase = "";

    public StripeStandIn Stripe { get; private set; } = null!;

    /// <summary>Whether deliveries and renewals happen by themselves.</summary>
    protected virtual bool StripeRunsByItself => true;

    /// <summary>Whether the job engine runs.</summary>
    protected virtual bool JobsRunByThemselves => StripeRunsByItself;

    protected override IDictionary<string, string> Settings =>
        new Dictionary<string, string>(base.Settings, StringComparer.Ordinal) { ["STRIPE_API_BASE"] = Stripe.Address };

    protected override void ConfigureServices(IServiceCollection services)
    {
        base.ConfigureServices(services);
        // Where Stripe speaks only when a test says so, the jobs run only then too: one in between would see, or hold, what nobody meant.
        if (!JobsRunByThemselves)
            WithoutJobEngine(services);
    }

    public override async Task InitializeAsync()
    {
        stripeDatabase = await TestDatabases.CreateAsync();
        Stripe = await StripeStandIn.StartAsync(new StripeStandInOptions
        {
            OwnerConnectionString = stripeDatabase,
            SecretKey = "sk_test_sandbox_tests",
            WebhookSecret = SignedEvents.Secret,
            Clock = Clock,
            AdvanceClock = Clock.Advance,
            RunInBackground = StripeRunsByItself,
        });
        await base.InitializeAsync();
        await Service<StripeSetup>().OfferPlansAsync(new Dictionary<string, string>(StringComparer.Ordinal), CancellationToken.None);
        await Service<StripeSetup>().OfferPacksAsync(CancellationToken.None);
        await Stripe.SetWebhookUrlAsync(new Uri(ClientOptions.BaseAddress, "/api/stripe-webhook").ToString());
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        await Stripe.DisposeAsync();
        await TestDatabases.DropAsync(OwnerConnectionString);
        await TestDatabases.DropAsync(stripeDatabase);
    }

    public T Service<T>() where T : notnull => Services.CreateScope().ServiceProvider.GetRequiredService<T>();

    /// <summary>All of a payment goes back, or so many cents.</summary>
    protected async Task RefundIntentAsync(string intent, int? cents)
    {
        (string, string)[] form = [("payment_intent", intent)];
        await AtStripeAsync(HttpMethod.Post, "refunds", cents is { } some ? [.. form, ("amount", $"{some}")] : form);
        await SettleAsync();
    }

    protected async Task CloseDisputeOfAsync(string intent, string outcome)
    {
        var disputes = await AtStripeAsync(HttpMethod.Get, $"disputes?payment_intent={intent}");
        var id = disputes.GetProperty("data")[0].GetProperty("id").GetString();
        if (outcome == "lost")
            await AtStripeAsync(HttpMethod.Post, $"disputes/{id}/close");
        else
            await AtStripeAsync(HttpMethod.Post, $"disputes/{id}", ("evidence[uncategorized_text]", "winning_evidence"), ("submit", "true"));
        await SettleAsync();
    }

    /// <summary>Delivers what Stripe has to say and applies it, until nothing is left to do.</summary>
    public async Task SettleAsync()
    {
        await Stripe.CatchUpAsync();
        await Stripe.DeliverAsync(evenBeforeDue: true);
        await Service<ApplyStripeEventsJob>().RunAsync(CancellationToken.None);
        // The job engine may have taken some of them at the same moment, or be about to.
        await Eventually.HoldsAsync(async () => !await IsEventDueAsync(), "every event is applied");
    }

    public async Task AdvanceAsync(TimeSpan by)
    {
        Clock.Advance(by);
        await SettleAsync();
    }

    /// <summary>Opens the payment page of a plan; its address.</summary>
    public async Task<Uri> OpenCheckoutAsync(TestUser user, string plan, string interval = "month")
    {
        var response = await SignedInAs(user).PostFormAsync("/billing/checkout", new { plan, interval }, from: $"/billing/checkout?plan={plan}&interval={interval}");
        return response.Headers.Location ?? throw new InvalidOperationException($"No payment page: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }

    /// <summary>Types a card into Stripe's page; where Stripe sends the person, or null when the card was refused.</summary>
    public async Task<Uri?> PayAsync(Uri checkout, string card = "4242424242424242")
    {
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        var expiration = Clock.GetUtcNow().AddYears(3).ToString("MM/yy", CultureInfo.InvariantCulture);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["email"] = "card@test.example",
            ["number"] = card,
            ["expiration"] = expiration,
            ["cvc"] = "123",
            ["name"] = "Test Person",
        });
        return (await browser.PostAsync(checkout, form)).Headers.Location;
    }

    /// <summary>Somebody who has paid for a plan, with the account already in agreement.</summary>
    public async Task<TestUser> GivenSubscriberAsync(string plan, string interval = "month", string card = "4242424242424242")
    {
        var user = await GivenUserAsync();
        await PayAsync(await OpenCheckoutAsync(user, plan, interval), card);
        await SettleAsync();
        return user;
    }

    /// <summary>What an operator or a person does at Stripe itself.</summary>
    public async Task<JsonElement> AtStripeAsync(HttpMethod method, string path, params (string Name, string Value)[] form)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, $"{Stripe.Address}/v1/{path}");
        request.Headers.Authorization = new("Bearer", Stripe.SecretKey);
        if (method == HttpMethod.Post)
            request.Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        var response = await http.SendAsync(request);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        return response.IsSuccessStatusCode ? answer : throw new InvalidOperationException(answer.ToString());
    }

    /// <summary>Spends credits as a launch does; the outcome.</summary>
    public async Task<string> SpendAsync(TestUser user, string tool = "app-builder")
    {
        var operation = Guid.CreateVersion7(Clock.GetUtcNow()).ToString();
        while (true)
        {
            var outcome = await ScalarAsync<string>("""
                SELECT outcome FROM consume_user_credits(ARRAY[@Id], ARRAY[@tool], ARRAY[@operation], ARRAY[gen_random_uuid()], ARRAY[true], ARRAY[@now::timestamptz], @now)
                """, new { user.Id, tool, operation, now = Clock.GetUtcNow() });
            // A job of the engine holds the account for a moment; the web asks again, too.
            if (outcome != "RETRY")
                return outcome!;
        }
    }

    public async Task<Account> AccountAsync(TestUser user) => (await QueryAsync<Account>("""
        SELECT c.total_credits AS total, c.used_credits AS used, c.bonus_credits AS bonus, p.plan_type AS plan, p.status, p.stripe_subscription_id AS subscription,
               p.current_period_start AS starts, p.current_period_end AS ends, p.credits_monthly AS monthly
          FROM user_credits c JOIN user_plans p USING (user_id)
         WHERE c.user_id = @Id
        """, new { user.Id }))[0];

    /// <summary>Movements of the ledger after the sign-up, oldest first.</summary>
    public Task<IReadOnlyList<string>> MovementsAsync(TestUser user) => QueryAsync<string>("""
        SELECT action_type FROM usage_logs WHERE user_id = @Id AND action_type NOT IN ('credits_granted', 'manual_adjustment') ORDER BY seq
        """, new { user.Id });
}

public sealed record Account(
    int Total, int Used, int Bonus, string Plan, string Status, string? Subscription, DateTime Starts, DateTime Ends, int Monthly);
