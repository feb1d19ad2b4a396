namespace Aurion.Sandbox.Host;

/// <summary>The clone that this sandbox was built in, and what it finds there.</summary>
internal sealed record Clone(string Root)
{
    /// <summary>The clone's own folder for secrets and logs; git ignores it.</summary>
    public string SandboxFolder => Path.Combine(Root, ".sandbox");

    public string WebFolder => Path.Combine(Root, "Aurion.Web");

    /// <summary>Aurion.Web of the configuration that this sandbox was built with: …/bin/Debug/net10.0 beside ours.</summary>
    public string WebAssembly
    {
        get
        {
            var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
            return Path.Combine(WebFolder, "bin", output.Parent!.Name, output.Name, "Aurion.Web.dll");
        }
    }

    public static Clone Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Aurion.sln")))
                return new Clone(folder.FullName);
        }
        throw new SandboxException("The sandbox runs from a clone of AURION; no Aurion.sln was found above " + AppContext.BaseDirectory);
    }
}
