using Aurion.Sandbox.Clerk;

namespace Aurion.Sandbox.Tests.Clerk;

/// <summary>Clerk's own package for servers, unchanged, against the stand-in. See <c>judge/judge.mjs</c>.</summary>
public sealed class ClerkJudgeTests
{
    private const string Key = "sk_test_sandbox_judge";

    [Fact]
    public async Task Clerks_own_package_finds_nothing_to_object_to()
    {
        await using var standIn = await ClerkStandIn.StartAsync(new ClerkStandInOptions
        {
            SecretKey = Key,
            Web = "http://127.0.0.1:6299",
            Clock = TimeProvider.System,
            WebhookRetries = [TimeSpan.FromMilliseconds(50)],
        });
        var said = await NpmJudge.RunAsync(new() { ["CLERK_BASE"] = standIn.Address, ["CLERK_SECRET_KEY"] = Key, ["AURION_WEB"] = "http://127.0.0.1:6299" });

        Assert.Equal(17, said.Split("ok   ").Length - 1);
    }
}
