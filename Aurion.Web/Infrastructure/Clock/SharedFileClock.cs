using System.IO.MemoryMappedFiles;

namespace Aurion.Web.Infrastructure.Clock;

/// <summary>The system clock plus the ticks found in a shared file, so that the sandbox and the web live at the same moment.</summary>
public sealed class SharedFileClock(string path) : TimeProvider, IDisposable
{
    private readonly MemoryMappedViewAccessor ahead = Open(path);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(ahead.ReadInt64(0));

    public void Dispose() => ahead.Dispose();

    private static MemoryMappedViewAccessor Open(string path)
    {
        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        using var file = MemoryMappedFile.CreateFromFile(stream, null, sizeof(long), MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        return file.CreateViewAccessor(0, sizeof(long), MemoryMappedFileAccess.Read);
    }
}
