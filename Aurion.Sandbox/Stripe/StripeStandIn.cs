using Aurion.Sandbox.Host;
using Aurion.Sandbox.Look;
using Aurion.Sandbox.Stripe.Billing;
using Aurion.Sandbox.Stripe.Control;
using Aurion.Sandbox.Stripe.Core;
using Aurion.Sandbox.Stripe.Pages;
using Aurion.Sandbox.Stripe.Resources;
using Aurion.Sandbox.Stripe.Seed;
using Aurion.Sandbox.Stripe.Webhooks;
using Npgsql;

namespace Aurion.Sandbox.Stripe;

/// <summary>Stripe's API, card page, portal and webhooks on loopback, with its state in PostgreSQL.</summary>
public sealed class StripeStandIn : IAsyncDisposable
{
    private readonly StripeStandInOptions options;
    private readonly NpgsqlDataSource db;
    private readonly StripeStore store;
    private readonly DeliveryQueue queue;
    private readonly WebhookSender sender;
    private readonly CancellationTokenSource stopping = new();
    private readonly TimeTravel time;
    private LoopbackServer? server;
    private Task background = Task.CompletedTask;

    private StripeStandIn(StripeStandInOptions options, NpgsqlDataSource db)
    {
        this.options = options;
        this.db = db;
        store = new StripeStore(db, options.Clock);
        queue = new DeliveryQueue(store);
        sender = new WebhookSender(queue, store, Faults);
        time = new TimeTravel(store, sender, options.AdvanceClock, options.AfterAdvance);
    }

    /// <summary>The address it listens on, without a slash at the end: <c>STRIPE_API_BASE</c>.</summary>
    public string Address { get; private set; } = "";
    public string SecretKey => options.SecretKey;
    public string WebhookSecret => options.WebhookSecret;
    /// <summary>What goes wrong on purpose.</summary>
    public Faults Faults { get; } = new();

    public static async Task<StripeStandIn> StartAsync(StripeStandInOptions options)
    {
        var db = Schema.Connect(options.OwnerConnectionString, options.Schema);
        try
        {
            await Schema.CreateAsync(db, options.Schema);
            var standIn = new StripeStandIn(options, db);
            await standIn.RunAsync();
            return standIn;
        }
        catch
        {
            await db.DisposeAsync();
            throw;
        }
    }

    private async Task RunAsync()
    {
        server = await LoopbackServer.StartAsync(options.Port, Map);
        Address = server.Address;
        store.PublicUrl = options.PublicUrl?.TrimEnd('/') ?? Address;
        if (options.WebhookUrl is { } url)
            await SetWebhookUrlAsync(url);
        await TestClocks.ResumeAsync(store);
        if (options.RunInBackground)
            background = Task.WhenAll(RepeatAsync(CatchUpAsync), RepeatAsync(async () => await sender.SendDueAsync(ct: stopping.Token)));
    }

    private void Map(WebApplication app)
    {
        app.Use(ReportAsync);
        app.MapAssets("Stripe/assets");
        var api = new StripeApi(app, store, options.SecretKey, Faults);
        Customers.Map(api);
        Products.Map(api);
        Prices.Map(api);
        CheckoutSessions.Map(api);
        PaymentPages.Map(api);
        Subscriptions.Map(api);
        Schedules.Map(api);
        Invoices.Map(api);
        InvoiceItems.Map(api);
        InvoicePayments.Map(api);
        PaymentMethods.Map(api);
        PaymentIntents.Map(api);
        SetupIntents.Map(api);
        Charges.Map(api);
        Refunds.Map(api);
        Disputes.Map(api);
        BalanceTransactions.Map(api);
        Events.Map(api);
        WebhookEndpoints.Map(api);
        CardPage.Map(app, store);
        HomePage.Map(app, store);
        PortalPage.Map(app, store);
        InvoicePage.Map(app, store);
        ReceiptPage.Map(app, store);
        PortalConfigurations.Map(api);
        PortalSessions.Map(api);
        TestClocks.Map(api);
        Coupons.Map(api);
        PromotionCodes.Map(api);
        ControlEndpoints.Map(app, store, queue, sender, Faults, time);
        api.MapUnknown();
    }

    // A fault of the stand-in itself must be seen, and must look to a client as Stripe's own would.
    private static async Task ReportAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
        }
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested && !http.Response.HasStarted)
        {
            await Console.Error.WriteLineAsync($"Stripe stand-in, {http.Request.Method} {http.Request.Path}: {e}");
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
            await http.Response.WriteAsJsonAsync(new { error = new { message = "The Stripe stand-in failed: " + e.Message, type = "api_error" } });
        }
    }

    /// <summary>Sends every event there too, signed with <see cref="StripeStandInOptions.WebhookSecret"/>.</summary>
    public Task SetWebhookUrlAsync(string url) => store.WriteAsync(async tx =>
    {
        var endpoint = await tx.FindAsync("we_sandbox");
        if (endpoint is null)
            tx.Add(WebhookEndpoints.New(tx, "we_sandbox", url, ["*"], options.WebhookSecret, "The sandbox's own endpoint", []));
        else
        {
            endpoint["url"] = url;
            endpoint["_secret"] = options.WebhookSecret;
            tx.Save(endpoint);
        }
        return true;
    });

    /// <summary>Creates customers with their pasts in bulk and tells no endpoint. Prices must exist; <c>billing setup</c> makes them.</summary>
    public Task<IReadOnlyList<SeededCustomer>> SeedAsync(IReadOnlyCollection<SeedCustomer> people) => Seeding.RunAsync(store, people);

    /// <summary>Moves the clock, stopping at everything that falls due on the way and sending its webhooks there.</summary>
    public Task AdvanceAsync(TimeSpan by) => time.AdvanceAsync(by);

    /// <summary>Lets everything happen that is due by now: renewals, retries, expiries.</summary>
    public Task CatchUpAsync() => Lifecycle.CatchUpAsync(store, store.Now);

    /// <summary>Sends waiting webhooks until none is due any more; with <paramref name="evenBeforeDue"/> also those that wait for their next try, once.</summary>
    public async Task DeliverAsync(bool evenBeforeDue = false)
    {
        if (evenBeforeDue)
            await sender.SendDueAsync(evenBeforeDue: true);
        while (await sender.SendDueAsync() > 0)
        {
        }
    }

    // The pace of the machine, not of the shared clock: that one may stand still or jump.
    private async Task RepeatAsync(Func<Task> work)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (await pace.WaitForNextTickAsync(stopping.Token))
            {
                try
                {
                    await work();
                }
                catch (Exception e) when (e is NpgsqlException or InvalidOperationException or StripeError)
                {
                    await Console.Error.WriteLineAsync($"Stripe stand-in: {e.Message}");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        Faults.ClearCalls();
        await background;
        await server!.DisposeAsync();
        sender.Dispose();
        time.Dispose();
        await db.DisposeAsync();
        stopping.Dispose();
    }
}
