namespace Aurion.Data;

/// <summary>What is the same for everybody, read at most once a second.</summary>
internal sealed class TimedCache<T>(TimeProvider clock) where T : class
{
    private static readonly TimeSpan For = TimeSpan.FromSeconds(1);

    private Reading? last;

    public async ValueTask<T> GetAsync(Func<CancellationToken, Task<T>> read, CancellationToken ct)
    {
        if (last is { } known && clock.GetElapsedTime(known.At) < For)
            return known.Value;

        var value = await read(ct);
        last = new Reading(clock.GetTimestamp(), value);
        return value;
    }

    private sealed record Reading(long At, T Value);
}
