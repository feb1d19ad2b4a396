namespace Aurion.Web.Tests.Infrastructure;

/// <summary>The files of the clone that the tests were built from.</summary>
public static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Source files below a folder, generated ones left out; paths are relative, with forward slashes.</summary>
    public static IEnumerable<(string Path, string Text)> Sources(string folder, params string[] extensions) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(path => extensions.Any(extension => path.EndsWith(extension, StringComparison.Ordinal))
                && !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Select(path => (path, Read(path)));

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "Aurion.sln")) ? folder : Find(Path.GetDirectoryName(folder)!);
}
