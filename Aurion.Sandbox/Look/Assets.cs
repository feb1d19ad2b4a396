using System.Reflection;

namespace Aurion.Sandbox.Look;

/// <summary>Files that are built into this assembly: styles, scripts and pages of the stand-ins.</summary>
internal static class Assets
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".html"] = "text/html; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".woff2"] = "font/woff2",
    };

    /// <summary>The text of one file, by its path in the project.</summary>
    public static string Text(string path)
    {
        using var reader = new StreamReader(Open(path) ?? throw new FileNotFoundException(path));
        return reader.ReadToEnd();
    }

    /// <summary>Serves the shared files, and those of one folder, under /assets/.</summary>
    public static void MapAssets(this WebApplication app, params string[] folders) => app.MapGet("/assets/{name}", (string name) =>
        folders.Append("Look/assets").Select(folder => Open($"{folder}/{name}")).FirstOrDefault(found => found is not null) is { } file
            && Types.TryGetValue(Path.GetExtension(name), out var type)
            ? Results.Stream(file, type)
            : Results.NotFound());

    private static Stream? Open(string path) => Assembly.GetExecutingAssembly().GetManifestResourceStream(path);
}
