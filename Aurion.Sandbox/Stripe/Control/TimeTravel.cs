using Aurion.Sandbox.Stripe.Billing;
using Aurion.Sandbox.Stripe.Core;
using Aurion.Sandbox.Stripe.Webhooks;

namespace Aurion.Sandbox.Stripe.Control;

/// <summary>Moves the shared clock from one due moment to the next, so that each is lived at its own time, and comes back when it has been.</summary>
internal sealed class TimeTravel(StripeStore store, WebhookSender sender, Action<TimeSpan>? advance, Func<Task> afterwards) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);

    public bool IsPossible => advance is not null;

    public async Task AdvanceAsync(TimeSpan by)
    {
        if (advance is null)
            throw new InvalidOperationException("This clock cannot be moved.");
        await turn.WaitAsync();
        try
        {
            var until = store.Now + (long)by.TotalSeconds;
            while (await Lifecycle.NextAsync(store) is { } due && due <= until)
            {
                await MoveToAsync(due);
                await Lifecycle.CatchUpAsync(store, due);
                await sender.SendDueAsync();
            }
            await MoveToAsync(until);
            await sender.SendDueAsync();
            await afterwards();
        }
        finally
        {
            turn.Release();
        }
    }

    private Task MoveToAsync(long time) => sender.BetweenRoundsAsync(() =>
    {
        if (time > store.Now)
            advance!(TimeSpan.FromSeconds(time - store.Now));
    });

    public void Dispose() => turn.Dispose();
}
