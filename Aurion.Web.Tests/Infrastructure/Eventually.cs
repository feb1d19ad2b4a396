using System.Diagnostics;

namespace Aurion.Web.Tests.Infrastructure;

/// <summary>Waits for what happens beside the test: at most half a minute, so that a run fails by name instead of hanging.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task HoldsAsync(Func<Task<bool>> holds, string otherwise)
    {
        for (var waited = Stopwatch.StartNew(); !await holds();)
        {
            Assert.True(waited.Elapsed < Patience, $"Not within {Patience.TotalSeconds:0} seconds: {otherwise}.");
            await Task.Delay(20);
        }
    }

    public static Task HoldsAsync(Func<bool> holds, string otherwise) => HoldsAsync(() => Task.FromResult(holds()), otherwise);

    /// <summary>The next entry of a semaphore.</summary>
    public static async Task EnteredAsync(SemaphoreSlim semaphore, string otherwise) =>
        Assert.True(await semaphore.WaitAsync(Patience), $"Not within {Patience.TotalSeconds:0} seconds: {otherwise}.");
}
