using System.Security.Cryptography;
using System.Text;

namespace Aurion.Sandbox.Host;

/// <summary>The folder with this clone's database and clock, held by one sandbox at a time.</summary>
internal sealed class SandboxHome : IDisposable
{
    private const int Most = 20;

    private readonly FileStream held;

    private SandboxHome(string path, FileStream held)
    {
        Folder = path;
        this.held = held;
    }

    public string Folder { get; }

    public string ClockFile => Path.Combine(Folder, "clock");

    /// <summary>Takes the clone's folder; a second sandbox of the same clone gets one of its own, and so its own database.</summary>
    public static SandboxHome Take(Clone clone, SandboxSecrets secrets)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(clone.Root + secrets.CloneId)))[..12];
        for (var number = 1; number <= Most; number++)
        {
            var folder = Path.Combine(SandboxFolders.UserData, number == 1 ? name : $"{name}-{number}");
            Directory.CreateDirectory(folder);
            if (SecretFile.TryHold(Path.Combine(folder, "lock")) is { } held)
                return new SandboxHome(folder, held);
        }
        throw new SandboxException($"No folder below {SandboxFolders.UserData} can be held: is the disk full, or do {Most} sandboxes run?");
    }

    public void Dispose() => held.Dispose();
}
