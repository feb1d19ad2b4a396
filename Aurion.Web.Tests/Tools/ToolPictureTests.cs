using System.Text.Json;
using Aurion.Web.Tests.Infrastructure;
using SkiaSharp;

namespace Aurion.Web.Tests.Tools;

/// <summary>A picture that a tool has drawn in a person's name: agreed, paid once when it is delivered, given back when it fails.</summary>
public sealed class ToolPictureTests(ToolApp app) : IClassFixture<ToolApp>
{
    [Fact]
    public async Task It_is_agreed_drawn_once_paid_as_it_is_delivered_and_stands_among_the_images()
    {
        var session = await LaunchAsync(40);
        var (_, offer) = await session.ActAsync(new { action = "picture" });
        Assert.Equal((10, 10), (offer.GetProperty("price").GetInt32(), offer.GetProperty("available").GetInt32()));
        var id = app.NewRun();

        foreach (var agreed in new int?[] { null, 9 })
        {
            var (status, refused) = await session.ActAsync(new { action = "picture", pictureId = id, prompt = "a lamp", agreedCredits = agreed });
            Assert.Equal((402, "PICTURE_PRICE", 10), (status, refused.GetProperty("code").GetString(), refused.GetProperty("price").GetInt32()));
        }
        Assert.Equal((10, 0), (await app.SpendableAsync(session.User), await app.HeldAsync(session.User)));

        // Sent several times at once, it is one picture.
        var asked = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => session.ActAsync(new { action = "picture", pictureId = id, prompt = "a lamp", size = "16:9", agreedCredits = 10 })));
        Assert.All(asked, answer => Assert.Equal((200, "waiting", 10), (answer.Status, answer.Body.GetProperty("state").GetString(), answer.Body.GetProperty("held").GetInt32())));
        Assert.Equal((0, 10), (await app.SpendableAsync(session.User), await app.HeldAsync(session.User)));
        await app.RunPicturesJobAsync();

        var (_, drawn) = await session.ActAsync(new { action = "picture", pictureId = id });
        Assert.Equal(("done", 10, 0), (drawn.GetProperty("state").GetString(), drawn.GetProperty("credits").GetInt32(), drawn.GetProperty("held").GetInt32()));
        using var picture = SKBitmap.Decode(drawn.GetProperty("content").GetBytesFromBase64());
        Assert.Equal((640, 360), (picture.Width, picture.Height));
        Assert.Equal((0, 0, ""), (await app.SpendableAsync(session.User), await app.HeldAsync(session.User), await app.FaultsAsync()));
        var images = await app.WithToken(session.User).GetPageAsync("/images");
        Assert.Contains("a lamp", images.Body!.TextContent, StringComparison.Ordinal);

        // Whatever it costs by now, what was paid is told and not paid again.
        var (again, same) = await session.ActAsync(new { action = "picture", pictureId = id, prompt = "another lamp", agreedCredits = 1 });
        Assert.Equal((200, "done"), (again, same.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task One_that_is_refused_is_given_back_and_says_so()
    {
        var session = await LaunchAsync(40);
        var id = app.NewRun();
        await session.ActAsync(new { action = "picture", pictureId = id, prompt = "a lamp fail:403", agreedCredits = 10 });
        await app.RunPicturesJobAsync();

        var (_, answer) = await session.ActAsync(new { action = "picture", pictureId = id });

        Assert.Equal(("refused", 0, JsonValueKind.Null), (answer.GetProperty("state").GetString(), answer.GetProperty("credits").GetInt32(), answer.GetProperty("content").ValueKind));
        Assert.Equal((10, 0), (await app.SpendableAsync(session.User), await app.HeldAsync(session.User)));
    }

    [Fact]
    public async Task Without_credits_without_words_after_the_end_and_of_somebody_else_there_is_none()
    {
        var (poor, session) = (await LaunchAsync(39), await LaunchAsync(40));
        var id = app.NewRun();

        Assert.Equal((403, "INSUFFICIENT_CREDITS"), Code(await poor.ActAsync(new { action = "picture", pictureId = app.NewRun(), prompt = "a lamp", agreedCredits = 10 })));
        Assert.Equal((400, "PROMPT_MISSING"), Code(await session.ActAsync(new { action = "picture", pictureId = id, prompt = " ", agreedCredits = 10 })));
        Assert.Equal((400, "FIELD_INVALID"), Code(await session.ActAsync(new { action = "picture", pictureId = id, prompt = "a lamp", size = "1:9", agreedCredits = 10 })));
        Assert.Equal((404, "PICTURE_NOT_FOUND"), Code(await session.ActAsync(new { action = "picture", pictureId = id })));
        Assert.Equal(10, await app.SpendableAsync(session.User));
        await session.ActAsync(new { action = "picture", pictureId = id, prompt = "a lamp", agreedCredits = 10 });
        Assert.Equal(404, (await poor.ActAsync(new { action = "picture", pictureId = id })).Status);
        await session.ActAsync(new { action = "end" });
        Assert.Equal((401, "SESSION_EXPIRED"), Code(await session.ActAsync(new { action = "picture", pictureId = id })));
        await app.RunPicturesJobAsync();
    }

    [Fact]
    public async Task A_studio_that_an_administrator_stopped_offers_none()
    {
        var session = await LaunchAsync(40);
        await app.ExecuteAsync("UPDATE tools SET status = 'stopped', status_reason = 'Test' WHERE tool_id = 'image-generation'");
        try
        {
            var (_, offer) = await session.ActAsync(new { action = "picture" });
            Assert.Equal(JsonValueKind.Null, offer.GetProperty("price").ValueKind);
            Assert.Equal(409, (await session.ActAsync(new { action = "picture", pictureId = app.NewRun(), prompt = "a lamp", agreedCredits = 10 })).Status);
        }
        finally
        {
            await app.ExecuteAsync("UPDATE tools SET status = 'live', status_reason = NULL WHERE tool_id = 'image-generation'");
        }
    }

    /// <summary>With so many credits before the launch, which takes 30.</summary>
    private async Task<ToolSession> LaunchAsync(int credits) => await app.LaunchAsync(await app.GivenUserAsync(credits), "ai-agents");

    private static (int, string?) Code((int Status, JsonElement Body) answer) => (answer.Status, answer.Body.GetProperty("code").GetString());
}
