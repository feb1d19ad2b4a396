using System.Diagnostics;

namespace Aurion.Bench;

/// <summary>One run: operations a second and the spread of their times in milliseconds.</summary>
internal sealed record LoadResult(double PerSecond, double Median, double P99, int Failed, int Count)
{
    /// <summary>Processor time of the server for each operation, in microseconds: it hardly depends on what else the machine does.</summary>
    public double? CpuMicroseconds { get; init; }
}

/// <summary>A closed loop: each connection sends its next request when it has the answer to the last.</summary>
internal static class Load
{
    public static async Task<LoadResult> RunAsync(int connections, int seconds, Func<int, Task<Func<Task<bool>>>> connect)
    {
        using var over = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        return await RunUntilAsync(connections, connect, over.Token);
    }

    /// <summary>Until it is told to end; what is under way then is finished and counted.</summary>
    public static async Task<LoadResult> RunUntilAsync(int connections, Func<int, Task<Func<Task<bool>>>> connect, CancellationToken over)
    {
        var workers = new Worker[connections];
        for (var i = 0; i < connections; i++)
            workers[i] = new Worker(() => !over.IsCancellationRequested, await connect(i));
        return await RunAsync(workers);
    }

    /// <summary>Sends each of the deliveries once, whichever connection is free.</summary>
    public static async Task<LoadResult> RunAllAsync(int connections, Uri web, IReadOnlyList<byte[]> deliveries)
    {
        var next = -1;
        var workers = new Worker[connections];
        for (var i = 0; i < connections; i++)
        {
            var connection = new HttpConnection(web);
            await connection.ConnectAsync();
            var mine = 0;
            workers[i] = new Worker(
                () => (mine = Interlocked.Increment(ref next)) < deliveries.Count,
                async () => await connection.SendAsync(deliveries[mine]) is >= 200 and < 300);
        }
        return await RunAsync(workers);
    }

    private static async Task<LoadResult> RunAsync(Worker[] workers)
    {
        var start = Stopwatch.GetTimestamp();
        var results = await Task.WhenAll(workers.Select(worker => Task.Run(() => WorkAsync(worker))));
        var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;

        var times = results.SelectMany(result => result.Times).Order().ToArray();
        return new LoadResult(times.Length / elapsed, At(times, 0.5), At(times, 0.99), results.Sum(result => result.Failed), times.Length);
    }

    private static async Task<(List<double> Times, int Failed)> WorkAsync(Worker worker)
    {
        var times = new List<double>(100_000);
        var failed = 0;
        while (worker.GoesOn())
        {
            var begun = Stopwatch.GetTimestamp();
            if (!await worker.SendAsync())
                failed++;
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }
        return (times, failed);
    }

    private static double At(double[] sorted, double part) => sorted.Length == 0 ? 0 : sorted[(int)((sorted.Length - 1) * part)];

    private sealed record Worker(Func<bool> GoesOn, Func<Task<bool>> SendAsync);
}
