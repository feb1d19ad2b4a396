using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Ai;

/// <summary>Every way in which a provider of pictures fails: nothing is charged, one row of the ledger, and the sentence where the person looks.</summary>
public sealed class PictureFailureTests(PictureApp app) : IClassFixture<PictureApp>
{
    [Theory]
    [InlineData("fail:401", "failed", "does not serve us")]
    [InlineData("fail:402", "failed", "does not serve us")]
    [InlineData("fail:429", "failed", "too many requests", "busy")]
    [InlineData("fail:500", "failed", "did not answer")]
    [InlineData("fail:503", "failed", "did not answer")]
    [InlineData("fail:silence", "failed", "did not finish in time")]
    [InlineData("fail:unbegun", "failed", "is no picture")]
    [InlineData("fail:task", "failed", "could not draw it")]
    [InlineData("fail:nsfw", "refused", "filter refused it")]
    [InlineData("fail:blank", "failed", "sent no picture")]
    [InlineData("fail:dead", "failed", "could not be fetched")]
    [InlineData("fail:garbage", "failed", "is no picture")]
    [InlineData("fail:huge", "failed", "larger than we can keep")]
    [InlineData("fail:forgotten", "failed", "could not be fetched")]
    [InlineData("fail:away", "failed", "did not answer", "away")]
    [InlineData("fail:hang", "failed", "did not finish in time", null, "drawing")]
    public Task Freepik_delivers_nothing_and_nothing_is_charged(string trouble, string state, string sentence, string? whenReason = null, string? whenState = null) =>
        AssertNotChargedAsync(trouble, PictureApp.Flux, state, sentence, whenReason, whenState);

    [Theory]
    [InlineData("fail:401", "failed", "does not serve us")]
    [InlineData("fail:402", "failed", "does not serve us")]
    [InlineData("fail:402:key", "failed", "does not serve us")]
    [InlineData("fail:402:inflight", "failed", "too many requests")]
    [InlineData("fail:403", "refused", "filter refused it")]
    [InlineData("fail:408", "failed", "did not finish in time")]
    [InlineData("fail:413", "failed", "larger than we can keep")]
    [InlineData("fail:429", "failed", "too many requests")]
    [InlineData("fail:500", "failed", "did not answer")]
    [InlineData("fail:502", "failed", "did not answer")]
    [InlineData("fail:524", "failed", "did not finish in time")]
    [InlineData("fail:silence", "failed", "did not finish in time")]
    [InlineData("fail:blank", "failed", "sent no picture")]
    [InlineData("fail:few", "failed", "sent no picture")]
    [InlineData("fail:garbage", "failed", "is no picture")]
    [InlineData("fail:filter", "refused", "filter refused it")]
    public Task OpenRouter_delivers_nothing_and_nothing_is_charged(string trouble, string state, string sentence) =>
        AssertNotChargedAsync(trouble, PictureApp.OpenRouterFlux, state, sentence, trouble is "fail:429" or "fail:402:inflight" ? "busy" : null, null);

    [Theory]
    [InlineData("fail:once")]
    [InlineData("fail:limited")]
    public async Task A_passing_refusal_is_tried_again_before_anybody_notices(string trouble)
    {
        var user = await app.GivenUserAsync(100);

        var picture = Assert.Single(await app.DrawAsync(user, $"a lamp {app.NewRun():N} {trouble}"));

        Assert.Equal(("done", 10, 90), (picture.State, picture.Credits, await app.SpendableAsync(user)));
        Assert.Equal("", await app.FaultsAsync());
    }

    [Theory]
    [InlineData("fail:twice")]
    [InlineData("fail:late")]
    [InlineData("fail:never")]
    [InlineData("fail:forged")]
    public async Task A_message_that_comes_twice_late_never_or_forged_changes_nothing(string trouble)
    {
        var user = await app.GivenUserAsync(100);

        var picture = Assert.Single(await app.DrawAsync(user, $"a lamp {app.NewRun():N} {trouble}"));
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        await app.RunJobAsync();

        Assert.Equal(("done", 10), (picture.State, picture.Credits));
        Assert.Equal((90, 0, 1), (await app.SpendableAsync(user), await app.HeldAsync(user), await app.RowsAsync(user)));
        Assert.Equal("", await app.FaultsAsync());
    }

    private async Task AssertNotChargedAsync(string trouble, string engine, string state, string sentence, string? whenReason, string? whenState)
    {
        var user = await app.GivenUserAsync(100);

        var picture = Assert.Single(await app.DrawAsync(user, $"a lamp {app.NewRun():N} {trouble}", engine, whenReason: whenReason, whenState: whenState));

        Assert.Equal((state, 0, null), (picture.State, picture.Credits, picture.Url));
        Assert.Equal((100, 0, 1), (await app.SpendableAsync(user), await app.HeldAsync(user), await app.RowsAsync(user)));
        var section = (await app.SignedInAs(user).GetPageAsync("/images")).QuerySelector("#batches section")!.TextContent;
        Assert.Contains("You were not charged.", section, StringComparison.Ordinal);
        Assert.Contains(sentence, section, StringComparison.Ordinal);
        var seq = await app.ScalarAsync<long>("SELECT ledger_seq FROM pictures WHERE id = @Id", new { picture.Id });
        Assert.Contains(sentence, (await app.SignedInAs(user).GetPageAsync($"/credits/{seq}")).QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("", await app.FaultsAsync());
    }
}
