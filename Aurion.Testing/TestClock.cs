namespace Aurion.Testing;

/// <summary>The system's clock until a test moves or stops it.</summary>
public sealed class TestClock : TimeProvider
{
    private long ahead;
    private DateTimeOffset? stoppedAt;

    public override DateTimeOffset GetUtcNow() => (stoppedAt ?? System.GetUtcNow()).AddTicks(Interlocked.Read(ref ahead));

    public void Advance(TimeSpan by) => Interlocked.Add(ref ahead, by.Ticks);

    /// <summary>Time stands still from here on, save for <see cref="Advance"/>.</summary>
    public void StopAt(DateTimeOffset moment)
    {
        stoppedAt = moment;
        Interlocked.Exchange(ref ahead, 0);
    }
}
