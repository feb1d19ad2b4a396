namespace Aurion.Sandbox.Host;

/// <summary>What a child prints, in a file of the run.</summary>
internal sealed class LogFile
{
    private readonly string path;
    private readonly Lock writing = new();

    public LogFile(string path)
    {
        this.path = path;
        File.WriteAllText(path, "");
    }

    public void Write(string line)
    {
        lock (writing)
            File.AppendAllText(path, line + Environment.NewLine);
    }
}
