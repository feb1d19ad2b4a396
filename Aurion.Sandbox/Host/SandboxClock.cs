using System.IO.MemoryMappedFiles;

namespace Aurion.Sandbox.Host;

/// <summary>The system's clock plus an offset in a small shared file, so that the web and every stand-in move through time together.</summary>
public sealed class SandboxClock : TimeProvider, IDisposable
{
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor offset;

    private SandboxClock(string path)
    {
        File = path;
        file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, mapName: null, capacity: sizeof(long));
        offset = file.CreateViewAccessor(0, sizeof(long));
    }

    /// <summary>The file to give to the web as AURION_CLOCK_FILE.</summary>
    public string File { get; }

    public TimeSpan Offset => TimeSpan.FromTicks(offset.ReadInt64(0));

    public static SandboxClock Open(string path) => new(path);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;

    /// <summary>Moves everybody's time; it only ever moves forward.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        offset.Write(0, (Offset + by).Ticks);
    }

    public void Dispose()
    {
        offset.Dispose();
        file.Dispose();
    }
}
