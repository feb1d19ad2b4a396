namespace Aurion.Sandbox.Tests.Stripe;

/// <summary>Stripe's official SDK for Node and Stripe's official command line, unchanged, against the stand-in. See <c>judge/judge.mjs</c>.</summary>
public sealed class JudgeTests : IAsyncLifetime
{
    // A lock file would have to name the packages of every system, and some registries lack some.
    private const string CommandLine = "@stripe/cli@1.52.0";
    private readonly Running sandbox = new();

    public Task InitializeAsync() => sandbox.InitializeAsync();

    public Task DisposeAsync() => sandbox.DisposeAsync();

    [Fact]
    public async Task Stripes_own_sdk_and_command_line_find_nothing_to_object_to()
    {
        var said = await NpmJudge.RunAsync(new() { ["STRIPE_API_BASE"] = sandbox.Stripe.Address, ["STRIPE_SECRET_KEY"] = StripeShop.Key }, [CommandLine]);

        Assert.Contains("ok   checkout: declined, then paid", said);
        Assert.Contains("ok   command line: stripe trigger checkout.session.completed", said);
        Assert.Contains("ok   shapes: all that was answered and sent has the types that the SDK declares", said);
    }

    private sealed class Running : StripeShop
    {
        protected override bool RunsByItself => true;
    }
}
