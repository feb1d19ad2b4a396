using Aurion.Web.Tests.Infrastructure;
using Aurion.Web.Tools;

namespace Aurion.Web.Tests.Billing;

public sealed class TopUpWakeTests(TopUpWakeTests.App app) : IClassFixture<TopUpWakeTests.App>
{
    [Fact]
    public async Task A_launch_that_leaves_the_account_low_wakes_the_job()
    {
        var user = await app.GivenAllowedAsync(230);
        await app.RunAsync();
        Assert.Equal(0, await app.ChargesAsync(user));

        await app.Service<ToolLauncher>().LaunchAsync(user.Id, null, "app-builder", null, newSession: true, CancellationToken.None);

        await Eventually.HoldsAsync(async () => await app.TopUpsAsync(user) > 0, "the job topped it up");
        Assert.Equal(180 + 300, await app.AvailableAsync(user));
    }

    public sealed class App : TopUpApp
    {
        protected override bool JobsRunByThemselves => true;
    }
}
