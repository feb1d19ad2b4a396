using System.Diagnostics;

namespace Aurion.Testing;

/// <summary>Waits for what happens beside the test, and no longer, so that a run fails by name instead of hanging.</summary>
public static class Eventually
{
    public static async Task HoldsAsync(Func<Task<bool>> holds, string otherwise, int seconds = 120)
    {
        for (var waited = Stopwatch.StartNew(); !await holds();)
        {
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(seconds), $"Not within {seconds} seconds: {otherwise}.");
            await Task.Delay(20);
        }
    }

    public static Task HoldsAsync(Func<bool> holds, string otherwise, int seconds = 120) => HoldsAsync(() => Task.FromResult(holds()), otherwise, seconds);

    /// <summary>What is found at last.</summary>
    public static async Task<T> ValueAsync<T>(Func<Task<T?>> find, string otherwise = "a value", int seconds = 120) where T : class
    {
        T? found = null;
        await HoldsAsync(async () => (found = await find()) is not null, otherwise, seconds);
        return found!;
    }

    /// <summary>The next entry of a semaphore.</summary>
    public static async Task EnteredAsync(SemaphoreSlim semaphore, string otherwise) =>
        Assert.True(await semaphore.WaitAsync(TimeSpan.FromMinutes(2)), $"Not within two minutes: {otherwise}.");
}
