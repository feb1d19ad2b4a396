using Aurion.Sandbox.Clerk;
using Aurion.Sandbox.Freepik;
using Aurion.Sandbox.Mail;
using Aurion.Sandbox.OpenRouter;
using Aurion.Sandbox.Stripe;
using Aurion.Sandbox.Tools;

namespace Aurion.Sandbox.Host;

/// <summary>The providers that a newcomer has no account with, each on an origin of its own.</summary>
internal sealed class StandIns : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> running = new();

    public required StripeStandIn Stripe { get; init; }

    public static async Task<StandIns> StartAsync(
        SandboxAddresses addresses, ReservedPorts ports, SandboxSecrets secrets, SandboxDatabase database, SandboxClock clock, CancellationToken ct)
    {
        var stripe = await StripeStandIn.StartAsync(new StripeStandInOptions
        {
            OwnerConnectionString = database.Stripe,
            SecretKey = secrets.StripeSecretKey,
            WebhookSecret = secrets.StripeWebhookSecret,
            WebhookUrl = addresses.Web + "/api/stripe-webhook",
            Port = ports.Release(addresses.Stripe),
            Clock = clock,
            AdvanceClock = clock.Advance,
        });
        var standIns = new StandIns { Stripe = stripe };
        standIns.running.Push(stripe);
        standIns.running.Push(await ClerkStandIn.StartAsync(secrets.ClerkSecretKey, addresses.Web, clock, ports.Release(addresses.Clerk), ct));
        standIns.running.Push(await OpenRouterStandIn.StartAsync(secrets.OpenRouterKey, clock, ports.Release(addresses.OpenRouter), ct));
        standIns.running.Push(await FreepikStandIn.StartAsync(secrets.FreepikKey, clock, ports.Release(addresses.Freepik), ct));
        standIns.running.Push(await MailStandIn.StartAsync(clock, ports.Release(addresses.Mail), ports.Release(addresses.SmtpPort), ct));
        standIns.running.Push(await ToolsStandIn.StartAsync(addresses.Web, ports.Release(addresses.Tools), ct));
        return standIns;
    }

    public async ValueTask DisposeAsync()
    {
        while (running.TryPop(out var standIn))
            await standIn.DisposeAsync();
    }
}
