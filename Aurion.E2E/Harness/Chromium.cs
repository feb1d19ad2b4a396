using System.Diagnostics;
using Microsoft.Playwright;

namespace Aurion.E2E.Harness;

/// <summary>Finds a Chromium, or installs the system's; a machine without one fails the run and says what to type.</summary>
internal static class Chromium
{
    private const string Chosen = "AURION_CHROMIUM";

    private static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        // As browsers with windows do by themselves: a page in an endless loop stops nobody else.
        "--site-per-process", "--enable-features=IsolateSandboxedIframes",
    ];

    public static async Task<IBrowser> LaunchAsync(IPlaywright playwright) => await playwright.Chromium.LaunchAsync(new()
    {
        ExecutablePath = Find(playwright) ?? await InstallAsync(),
        Args = Flags,
    });

    private static string? Find(IPlaywright playwright) =>
        Environment.GetEnvironmentVariable(Chosen) is { Length: > 0 } chosen
            ? File.Exists(chosen) ? chosen : throw new InvalidOperationException($"{Chosen} names no file: {chosen}")
            : KnownPlaces().Append(playwright.Chromium.ExecutablePath).FirstOrDefault(File.Exists);

    // The shell first: it draws no window of its own around each page, which is a third of the time.
    private static IEnumerable<string> KnownPlaces()
    {
        string[] names = OperatingSystem.IsWindows() ? ["chrome.exe"] : ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return names.SelectMany(name => path.Append("/usr/bin").Select(folder => Path.Combine(folder, name)))
            .Append("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
            .Append(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "Google", "Chrome", "Application", "chrome.exe"));
    }

    private static async Task<string> InstallAsync()
    {
        const string debian = "apt-get update && (apt-get install -y chromium-headless-shell || apt-get install -y chromium)";
        if (!File.Exists("/usr/bin/apt-get"))
            throw new InvalidOperationException("The browser tests need Chromium. Type: pwsh " + Path.Combine(AppContext.BaseDirectory, "playwright.ps1") + " install chromium");
        if (!Environment.IsPrivilegedProcess)
            throw new InvalidOperationException($"The browser tests need Chromium. Type: sudo sh -c '{debian}'");

        using var shell = Process.Start("sh", ["-c", debian + " >&2"]);
        await shell.WaitForExitAsync();
        return KnownPlaces().FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"Chromium could not be installed. Type: {debian}");
    }
}
