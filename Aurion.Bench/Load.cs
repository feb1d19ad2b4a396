using System.Diagnostics;

namespace Aurion.Bench;

/// <summary>One run: operations a second and the spread of their times in milliseconds.</summary>
internal sealed record LoadResult(double PerSecond, double Median, double P99, int Failed);

/// <summary>A closed loop: each connection sends its next request when it has the answer to the last.</summary>
internal static class Load
{
    public static async Task<LoadResult> RunAsync(int connections, int seconds, Func<int, Task<Func<Task<bool>>>> connect)
    {
        var senders = new Func<Task<bool>>[connections];
        for (var i = 0; i < connections; i++)
            senders[i] = await connect(i);

        var start = Stopwatch.GetTimestamp();
        var stop = start + seconds * Stopwatch.Frequency;
        var workers = await Task.WhenAll(senders.Select(send => Task.Run(() => WorkAsync(send, stop))));
        var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;

        var times = workers.SelectMany(worker => worker.Times).Order().ToArray();
        return new LoadResult(times.Length / elapsed, At(times, 0.5), At(times, 0.99), workers.Sum(worker => worker.Failed));
    }

    private static async Task<(List<double> Times, int Failed)> WorkAsync(Func<Task<bool>> send, long stop)
    {
        var times = new List<double>(100_000);
        var failed = 0;
        while (Stopwatch.GetTimestamp() is var begun && begun < stop)
        {
            if (!await send())
                failed++;
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }
        return (times, failed);
    }

    private static double At(double[] sorted, double part) => sorted.Length == 0 ? 0 : sorted[(int)((sorted.Length - 1) * part)];
}
