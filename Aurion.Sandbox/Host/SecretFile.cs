using System.Text;

namespace Aurion.Sandbox.Host;

/// <summary>Files that nobody but their owner may read.</summary>
internal static class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <summary>Writes beside the file and renames, so that a reader sees all of it or none.</summary>
    public static void Write(string path, string content)
    {
        var draft = path + ".draft";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using (var writer = new StreamWriter(draft, options))
            writer.Write(content);
        File.Move(draft, path, overwrite: true);
    }

    /// <summary>What the file says, else what is written there now: of several processes at once one writes and the others read that.</summary>
    public static async Task<string> ReadOrCreateAsync(string path, Func<string> create)
    {
        await using var file = await HoldAsync(path);
        using var reader = new StreamReader(file);
        if (await reader.ReadToEndAsync() is { Length: > 0 } known)
            return known;
        var content = create();
        await file.WriteAsync(Encoding.UTF8.GetBytes(content));
        return content;
    }

    /// <summary>The file, held until it is disposed; null while another process, or another part of this one, holds it.</summary>
    public static FileStream? TryHold(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        try
        {
            return new FileStream(path, options);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static async Task<FileStream> HoldAsync(string path)
    {
        for (var waited = 0; waited < 500; waited++)
        {
            if (TryHold(path) is { } file)
                return file;
            await Task.Delay(10);
        }
        throw new SandboxException($"Another program holds {path}.");
    }
}
