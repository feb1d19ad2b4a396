using Aurion.Sandbox.Mail;
using Aurion.Sandbox.Tools;

namespace Aurion.Sandbox.Host;

/// <summary>The providers that a newcomer has no account with, each on an origin of its own.</summary>
internal sealed class StandIns(SandboxAddresses addresses, SandboxClock clock) : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> running = new();

    public async Task StartAsync(CancellationToken ct)
    {
        running.Push(await MailStandIn.StartAsync(clock, SandboxAddresses.Port(addresses.Mail), addresses.SmtpPort, ct));
        running.Push(await ToolsStandIn.StartAsync(addresses.Web, SandboxAddresses.Port(addresses.Tools), ct));
    }

    public async ValueTask DisposeAsync()
    {
        while (running.TryPop(out var standIn))
            await standIn.DisposeAsync();
    }
}
