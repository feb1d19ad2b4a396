using Aurion.Sandbox.Clerk;
using Aurion.Sandbox.Freepik;
using Aurion.Sandbox.Look;
using Aurion.Sandbox.Mail;
using Aurion.Sandbox.OpenRouter;
using Aurion.Sandbox.Seed;
using Aurion.Sandbox.Stripe;

namespace Aurion.Sandbox.Host;

/// <summary>The providers that a newcomer has no account with, each on an origin of its own.</summary>
internal sealed class StandIns : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> running = new();

    public required StripeStandIn Stripe { get; init; }

    public required ClerkStandIn Clerk { get; init; }

    public static async Task<StandIns> StartAsync(
        SandboxAddresses addresses, SandboxSecrets secrets, SandboxDatabase database, SandboxClock clock, bool clerkIsUsed, CancellationToken ct)
    {
        var stripe = await StripeStandIn.StartAsync(new StripeStandInOptions
        {
            OwnerConnectionString = database.Stripe,
            SecretKey = secrets.StripeSecretKey,
            WebhookSecret = secrets.StripeWebhookSecret,
            WebhookUrl = addresses.Web + "/api/stripe-webhook",
            Port = PortOf(addresses.Stripe),
            Clock = clock,
            AdvanceClock = clock.Advance,
            AfterAdvance = new WebQueues(database.Owner).UntilEmptyAsync,
        });
        var clerk = await ClerkStandIn.StartAsync(new ClerkStandInOptions
        {
            SecretKey = secrets.ClerkSecretKey,
            Web = addresses.Web,
            WebhookUrl = clerkIsUsed ? addresses.Web + "/api/clerk-webhook" : null,
            WebhookSecret = secrets.ClerkWebhookSecret,
            Port = PortOf(addresses.Clerk),
            Clock = clock,
        }, ct);
        var standIns = new StandIns { Stripe = stripe, Clerk = clerk };
        standIns.running.Push(stripe);
        standIns.running.Push(clerk);
        standIns.running.Push(await OpenRouterStandIn.StartAsync(secrets.OpenRouterKey, clock, PortOf(addresses.OpenRouter), ct));
        standIns.running.Push(await FreepikStandIn.StartAsync(secrets.FreepikKey, clock, PortOf(addresses.Freepik), secrets.FreepikWebhookSecret, ct: ct));
        standIns.running.Push(await MailStandIn.StartAsync(clock, PortOf(addresses.Mail), addresses.SmtpPort, Page.Show<DemoAccountsPage>(new { addresses.Web, Password = secrets.DemoPassword, Accounts = DemoAccounts.Told }), ct: ct));
        return standIns;
    }

    private static int PortOf(string origin) => new Uri(origin).Port;

    public async ValueTask DisposeAsync()
    {
        while (running.TryPop(out var standIn))
            await standIn.DisposeAsync();
    }
}
