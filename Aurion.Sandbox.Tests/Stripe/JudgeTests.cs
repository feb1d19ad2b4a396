using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Aurion.Sandbox.Tests.Stripe;

/// <summary>Stripe's official SDK for Node and Stripe's official command line, unchanged, against the stand-in. See <c>judge/judge.mjs</c>.</summary>
public sealed class JudgeTests : IAsyncLifetime
{
    private const string CommandLine = "@stripe/cli@1.52.0";
    private readonly Running sandbox = new();

    public Task InitializeAsync() => sandbox.InitializeAsync();

    public Task DisposeAsync() => sandbox.DisposeAsync();

    [Fact]
    public async Task Stripes_own_sdk_and_command_line_find_nothing_to_object_to()
    {
        var folder = await InstallAsync();

        var (code, said) = await RunAsync(folder, "node", ["judge.mjs"], new() { ["STRIPE_API_BASE"] = sandbox.Stripe.Address, ["STRIPE_SECRET_KEY"] = StripeShop.Key });

        Assert.True(code == 0, said);
        Assert.Contains("ok   checkout: declined, then paid", said);
        Assert.Contains("ok   command line: stripe trigger checkout.session.completed", said);
        Assert.Contains("ok   shapes: all that was answered and sent has the types that the SDK declares", said);
    }

    /// <summary>A copy outside the source, with the packages of the lock file; kept for the next run.</summary>
    private static async Task<string> InstallAsync([CallerFilePath] string thisFile = "")
    {
        var source = Path.Combine(Path.GetDirectoryName(thisFile)!, "judge");
        var packages = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(source, "package-lock.json"))))[..12];
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "aurion-stripe-judge-" + packages)).FullName;
        foreach (var file in Directory.GetFiles(source))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "@stripe", "cli")))
        {
            var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
            await InstallAsync(folder, npm, "ci");
            // Outside the lock: a lock would have to name the command line's packages of every system, and some registries lack some.
            await InstallAsync(folder, npm, "install", "--no-save", CommandLine);
        }
        return folder;
    }

    private static async Task InstallAsync(string folder, string npm, params string[] words)
    {
        var (code, said) = await RunAsync(folder, npm, [.. words, "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-timeout=60000"], []);
        Assert.True(code == 0, $"`npm {string.Join(' ', words)}` failed, so Stripe's own programs could not be had:\n{said}");
    }

    private static async Task<(int Code, string Said)> RunAsync(string folder, string program, string[] words, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, words) { WorkingDirectory = folder };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        try
        {
            var (code, output, errors) = await ProgramRun.ToEndAsync(start);
            return (code, output + errors);
        }
        catch (Win32Exception)
        {
            Assert.Fail($"`{program}` was not found. This test judges the stand-in with Stripe's own SDK: install Node.js 20 or newer, with npm, from https://nodejs.org.");
            throw;
        }
    }

    private sealed class Running : StripeShop
    {
        protected override bool RunsByItself => true;
    }
}
