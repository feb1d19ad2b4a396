using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Aurion.Data.Ai;
using Aurion.Web.Ai.Images;
using Aurion.Web.Infrastructure.Security;
using Aurion.Web.Tests.Account;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;

namespace Aurion.Web.Tests.Ai;

/// <summary>Pictures from the wish to the file: paid as they are delivered, kept for their owner, marked as a machine's.</summary>
public sealed class PictureTests(PictureApp app) : IClassFixture<PictureApp>
{
    [Theory]
    [InlineData(PictureApp.Flux)]
    [InlineData(PictureApp.OpenRouterFlux)]
    public async Task Four_pictures_are_drawn_and_each_is_paid_as_it_is_delivered(string engine)
    {
        var user = await app.GivenUserAsync(100);
        var batch = await app.AskAsync(user, "a lamp", engine, count: 4);
        Assert.Equal((60, 40), (await app.SpendableAsync(user), await app.HeldAsync(user)));

        await app.RunJobAsync();

        var pictures = await app.ReadAsync(user, batch);
        Assert.All(pictures, picture => Assert.Equal(("done", 10), (picture.State, picture.Credits)));
        Assert.Equal((60, 0, 4), (await app.SpendableAsync(user), await app.HeldAsync(user), await app.RowsAsync(user)));
        var files = await Task.WhenAll(pictures.Select(async picture => Convert.ToHexString(await app.WithToken(user).Http.GetByteArrayAsync(picture.Url))));
        Assert.Equal(4, files.Distinct().Count());
        Assert.Equal([15000L, 15000, 15000, 15000], engine == PictureApp.Flux ? await CostsAsync(user) : [15000, 15000, 15000, 15000]);
        Assert.Equal([30000L, 30000, 30000, 30000], engine == PictureApp.OpenRouterFlux ? await CostsAsync(user) : [30000, 30000, 30000, 30000]);
        Assert.Equal("", await app.FaultsAsync());
    }

    [Fact]
    public async Task A_file_is_a_JPEG_of_nothing_but_its_pixels_and_the_mark_of_a_machine()
    {
        var user = await app.GivenUserAsync(100);
        var picture = Assert.Single(await app.DrawAsync(user, "a lamp by the sea"));

        var answer = await app.SignedInAs(user).GetAsync(picture.Url!);
        var (file, thumbnail) = (await answer.Content.ReadAsByteArrayAsync(), await app.SignedInAs(user).Http.GetByteArrayAsync(new Uri(picture.ThumbnailUrl!, UriKind.Relative)));

        Assert.Equal("image/jpeg", answer.Content.Headers.ContentType?.MediaType);
        Assert.True(answer.Headers.CacheControl is { Private: true });
        using var decoded = SKBitmap.Decode(file);
        using var small = SKBitmap.Decode(thumbnail);
        Assert.Equal((1024, 1024, 640, 640), (decoded.Width, decoded.Height, small.Width, small.Height));
        foreach (var bytes in new[] { file, thumbnail })
        {
            Assert.Equal([0xFF, 0xD8, 0xFF, 0xE1], bytes[..4]);
            Assert.Contains("Iptc4xmpExt:DigitalSourceType=\"http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia\"", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_picture_of_a_hundred_megapixels_and_what_is_none_are_refused_and_transparency_becomes_white()
    {
        var (huge, none) = (PictureFile.Create(Aurion.Sandbox.Freepik.Png.Claim(10_000, 10_000)), PictureFile.Create("<html>"u8.ToArray()));
        using var clear = new SKBitmap(8, 4, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        clear.Erase(SKColors.Transparent);
        using var png = SKImage.FromBitmap(clear).Encode(SKEncodedImageFormat.Png, 100);

        var white = PictureFile.Create(png.ToArray());

        Assert.Equal(("too_large", "unreadable", null), (huge.Fault, none.Fault, white.Fault));
        Assert.Equal((8, 4), (white.Width, white.Height));
        using var decoded = SKBitmap.Decode(white.Picture);
        Assert.Equal(SKColors.White, decoded.GetPixel(3, 2));
    }

    [Fact]
    public async Task What_cannot_be_paid_whole_is_refused_whole_and_nothing_is_written()
    {
        var user = await app.GivenUserAsync(35);

        var answer = await app.WithToken(user).PostJsonAsync("/api/generate-image", new { prompt = "a lamp", count = 4 });

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("INSUFFICIENT_CREDITS", 40, 35), (problem.GetProperty("code").GetString(), problem.GetProperty("required").GetInt32(), problem.GetProperty("available").GetInt32()));
        Assert.Equal((35, 0, 0), (await app.SpendableAsync(user), await app.HeldAsync(user), await app.ScalarAsync<int>("SELECT count(*)::int FROM picture_batches WHERE user_id = @Id", new { user.Id })));
    }

    [Fact]
    public async Task Ten_wishes_at_once_at_the_edge_of_the_daily_limit_get_five_pictures()
    {
        var user = await app.GivenUserAsync(1000);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => app.WithToken(user).PostJsonAsync("/api/generate-image", new { prompt = "a lamp", count = 1 })));

        Assert.Equal(5, answers.Count(answer => answer.StatusCode == HttpStatusCode.Accepted));
        var refused = await answers.First(answer => answer.StatusCode == HttpStatusCode.Forbidden).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("DAILY_LIMIT", 5), (refused.GetProperty("code").GetString(), refused.GetProperty("limit").GetInt32()));
        await app.RunJobAsync();
        Assert.Equal((950, 5), (await app.SpendableAsync(user), await app.RowsAsync(user)));
    }

    [Fact]
    public async Task Pictures_beyond_the_cap_that_a_person_set_are_refused_whole()
    {
        var user = await app.GivenUserAsync(100);
        await app.ExecuteAsync("UPDATE user_credits SET daily_cap = 25 WHERE user_id = @Id", user);

        var answer = await app.WithToken(user).PostJsonAsync("/api/generate-image", new { prompt = "a lamp", count = 3 });
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal((HttpStatusCode.Forbidden, "DAILY_CAP", 30, 25), (answer.StatusCode, problem.GetProperty("code").GetString(), problem.GetProperty("required").GetInt32(), problem.GetProperty("available").GetInt32()));
        Assert.Equal((100, 0), (await app.SpendableAsync(user), await app.HeldAsync(user)));
        await app.AskAsync(user, "a lamp", count: 2);
        Assert.Equal(20, await app.HeldAsync(user));
    }

    [Fact]
    public async Task Two_jobs_at_once_draw_each_picture_once()
    {
        var user = await app.GivenUserAsync(100);
        var before = await app.TasksAsync();
        await app.AskAsync(user, "a lamp", count: 4);

        await Task.WhenAll(app.RunJobAsync(), app.RunJobAsync());

        Assert.Equal((60, 4, before + 4), (await app.SpendableAsync(user), await app.RowsAsync(user), await app.TasksAsync()));
    }

    [Fact]
    public async Task The_same_form_twice_is_one_batch()
    {
        var user = await app.GivenUserAsync(100);
        var batch = app.NewRun();

        var answers = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => app.SignedInAs(user).PostFormAsync("/images/make", new { prompt = "a lamp", count = 2, batch }, from: "/images")));

        Assert.All(answers, answer => answer.AssertGoesTo("/images"));
        Assert.Equal((80, 2), (await app.SpendableAsync(user), await app.ScalarAsync<int>("SELECT count(*)::int FROM pictures WHERE user_id = @Id", new { user.Id })));
        await app.RunJobAsync();
    }

    [Fact]
    public async Task A_dearer_engine_belongs_to_its_plan_and_costs_what_its_price_table_says()
    {
        var (free, plus) = (await app.GivenUserAsync(1000), await app.GivenUserAsync(1000));
        await app.ExecuteAsync("UPDATE user_plans SET plan_type = 'plus' WHERE user_id = @Id", new { plus.Id });

        var refused = await app.WithToken(free).PostJsonAsync("/api/generate-image", new { prompt = "a lamp", engine = PictureApp.Mystic });
        var picture = Assert.Single(await app.DrawAsync(plus, "a lamp", PictureApp.Mystic));

        Assert.Equal("PLAN_LACKS_MODEL", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        // 115,000 micro-dollars at 2,000 a credit.
        Assert.Equal((58, 942), (picture.Credits, await app.SpendableAsync(plus)));
        using var decoded = SKBitmap.Decode(await app.WithToken(plus).Http.GetByteArrayAsync(picture.Url));
        Assert.Equal((2048, 2048), (decoded.Width, decoded.Height));
        var margin = Assert.Single(await app.QueryAsync<(string Model, int Credits, long Cost)>("SELECT model, credits, cost FROM list_margins('2000-01-01', '2100-01-01') WHERE model = 'Mystic'"));
        Assert.Equal((58, 115000L), (margin.Credits, margin.Cost));
    }

    [Fact]
    public async Task A_task_that_only_its_message_tells_of_is_looked_at_and_not_asked_for_again()
    {
        var user = await app.GivenUserAsync(100);
        var batch = await app.AskAsync(user, "a lamp");
        var picture = (await app.ReadAsync(user, batch))[0].Id;
        // The process died when it had asked and not yet written the task down.
        using var freepik = app.FreepikClient();
        await freepik.PostAsJsonAsync("/v1/ai/text-to-image/flux-dev", new { prompt = "a lamp", webhook_url = $"{app.Address}/api/freepik-webhook/{user.Id}/{picture}" });
        await Eventually.HoldsAsync(() => app.ScalarAsync<bool>("SELECT task_id IS NOT NULL FROM pictures WHERE id = @picture", new { picture }), "the message has come");
        var tasks = await app.TasksAsync();

        await app.RunJobAsync();

        Assert.Equal("done", (await app.ReadAsync(user, batch))[0].State);
        Assert.Equal(tasks, await app.TasksAsync());
    }

    [Fact]
    public async Task A_message_with_a_wrong_old_or_no_signature_is_refused()
    {
        var user = await app.GivenUserAsync(100);
        var batch = await app.AskAsync(user, "a lamp");
        var (picture, body) = ((await app.ReadAsync(user, batch))[0].Id, """{"task_id":"t","status":"COMPLETED","generated":[],"has_nsfw":[]}""");
        var signer = new StandardWebhooks.StandardWebhook(PictureApp.WebhookSecret);
        var now = app.Clock.GetUtcNow();

        async Task<HttpStatusCode> TellAsync(string? signature, DateTimeOffset at, Guid? of = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{app.Address}/api/freepik-webhook/{user.Id}/{of ?? picture}")) { Content = new StringContent(body) };
            request.Headers.Add("webhook-id", "msg_1");
            request.Headers.Add("webhook-timestamp", at.ToUnixTimeSeconds().ToString(null, null));
            if (signature is not null)
                request.Headers.Add("webhook-signature", signature);
            return (await app.Anonymous().Http.SendAsync(request)).StatusCode;
        }

        Assert.Equal(HttpStatusCode.BadRequest, await TellAsync("v1,AAAA", now));
        Assert.Equal(HttpStatusCode.BadRequest, await TellAsync(null, now));
        Assert.Equal(HttpStatusCode.BadRequest, await TellAsync(signer.Sign("msg_1", now.AddMinutes(-6), body), now.AddMinutes(-6)));
        Assert.Equal(HttpStatusCode.BadRequest, await TellAsync(signer.Sign("msg_1", now.AddMinutes(6), body), now.AddMinutes(6)));
        Assert.Null(await app.ScalarAsync<string?>("SELECT task_id FROM pictures WHERE id = @picture", new { picture }));
        // A right one is taken, also beside a wrong one, and for a picture that there is not.
        Assert.Equal(HttpStatusCode.OK, await TellAsync("v1,AAAA " + signer.Sign("msg_1", now, body), now, of: app.NewRun()));
        await app.RunJobAsync();
        Assert.Equal("done", (await app.ReadAsync(user, batch))[0].State);
    }

    [Fact]
    public async Task Nobody_sees_deletes_or_varies_the_picture_of_another_person()
    {
        var (owner, other) = (await app.GivenUserAsync(100), app.SignedInAs(await app.GivenUserAsync(100)));
        var batch = await app.AskAsync(owner, "a lamp");
        await app.RunJobAsync();
        var picture = (await app.ReadAsync(owner, batch))[0];

        foreach (var address in new[] { picture.Url!, picture.ThumbnailUrl!, $"/api/generate-image/{batch}", $"/images?show={picture.Id}", $"/images?like={picture.Id}" })
            Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync(address)).StatusCode);
        foreach (var address in new[] { $"/images/{picture.Id}/delete", $"/images/{picture.Id}/vary", $"/images/batch/{batch}/stop" })
            Assert.Equal(HttpStatusCode.NotFound, (await other.PostFormAsync(address, from: "/images")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.SignedInAs(owner).GetAsync(picture.Url!)).StatusCode);
    }

    [Fact]
    public async Task A_picture_is_shown_varied_its_prompt_used_again_and_deleted_without_script()
    {
        var user = await app.GivenUserAsync(100);
        var browser = app.SignedInAs(user);
        (await browser.PostFormAsync("/images/make", new { prompt = "three bottles", style = "painting", size = "4:3", count = 1, seed = "77" }, from: "/images")).AssertGoesTo("/images");
        Assert.NotNull((await browser.GetPageAsync("/images")).QuerySelector("noscript meta[http-equiv=refresh]"));
        await app.RunJobAsync();
        var tile = (await browser.GetPageAsync("/images")).QuerySelector(".tile > a")!;
        Assert.Contains("three bottles", tile.QuerySelector("img")!.GetAttribute("alt"), StringComparison.Ordinal);

        var address = tile.GetAttribute("href")!.Split('#')[0];
        var look = (await browser.GetPageAsync(address)).QuerySelector("#look")!;
        Assert.Contains("1,024 × 768", look.TextContent, StringComparison.Ordinal);
        Assert.Contains("77", look.TextContent, StringComparison.Ordinal);
        var id = Guid.Parse(address.Split('=')[1]);
        var form = (await browser.GetPageAsync($"/images?like={id}")).QuerySelector("#make")!;
        Assert.Equal("three bottles", form.QuerySelector("textarea")!.TextContent);
        Assert.NotNull(form.QuerySelector("[name=style][value=painting][checked]"));
        Assert.NotNull(form.QuerySelector("[name=size][value='4:3'][checked]"));
        (await browser.PostFormAsync($"/images/{id}/vary", from: address)).AssertGoesTo("/images");
        await app.RunJobAsync();
        Assert.Equal(2, (await browser.GetPageAsync("/images")).QuerySelectorAll(".tile > a").Length);

        (await browser.PostFormAsync($"/images/{id}/delete", from: address)).AssertGoesTo("/images");

        Assert.Single((await browser.GetPageAsync("/images")).QuerySelectorAll(".tile > a"));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/images/{id}/picture.jpg")).StatusCode);
        Assert.Equal((80, 2), (await app.SpendableAsync(user), await app.RowsAsync(user)));
    }

    [Fact]
    public async Task What_no_engine_has_begun_can_be_stopped_and_is_given_back()
    {
        var user = await app.GivenUserAsync(100);
        var batch = await app.AskAsync(user, "a lamp", count: 3);
        var browser = app.SignedInAs(user);

        (await browser.PostFormAsync($"/images/batch/{batch}/stop", from: "/images")).AssertGoesTo("/images");
        await app.RunJobAsync();

        Assert.All(await app.ReadAsync(user, batch), picture => Assert.Equal(("stopped", 0), (picture.State, picture.Credits)));
        Assert.Equal((100, 0), (await app.SpendableAsync(user), await app.HeldAsync(user)));
        Assert.Contains("You stopped it.", (await browser.GetPageAsync("/images")).QuerySelector("#batches")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("", await app.FaultsAsync());
    }

    [Fact]
    public async Task Pictures_are_in_the_export_and_a_closed_account_leaves_none_nor_a_hold()
    {
        var user = await app.GivenUserAsync(100);
        var picture = Assert.Single(await app.DrawAsync(user, "a lamp for the road"));
        await app.AskAsync(user, "another lamp", count: 2);

        using var zip = new ZipArchive(await app.SignedInAs(user).Http.GetStreamAsync(new Uri("/api/gdpr/export", UriKind.Relative)));
        await using (var file = await zip.GetEntry($"pictures/{picture.Id}.jpg")!.OpenAsync())
            Assert.NotNull(SKBitmap.Decode(file));
        using var json = await JsonDocument.ParseAsync(await zip.GetEntry("account.json")!.OpenAsync());
        Assert.Contains("a lamp for the road", json.RootElement.GetProperty("picture_batches").GetRawText(), StringComparison.Ordinal);
        Assert.Equal(3, json.RootElement.GetProperty("pictures").GetArrayLength());

        await app.ExecuteAsync("SELECT close_account(@Id, @now)", new { user.Id, now = app.Clock.GetUtcNow() });
        await app.RunJobAsync();

        Assert.Equal(0, await app.ScalarAsync<int>("SELECT (SELECT count(*) FROM picture_batches WHERE user_id = @Id)::int + (SELECT count(*) FROM picture_files WHERE user_id = @Id)::int", new { user.Id }));
        Assert.Equal((90, 0), (await app.SpendableAsync(user), await app.HeldAsync(user)));
        Assert.Equal("", await app.FaultsAsync());
    }

    [Fact]
    public async Task A_picture_that_is_delivered_after_its_account_was_closed_is_not_charged()
    {
        var user = await app.GivenUserAsync(100);
        var batch = await app.AskAsync(user, "a lamp");
        var picture = (await app.ReadAsync(user, batch))[0].Id;
        await app.ExecuteAsync("SELECT close_account(@Id, @now)", new { user.Id, now = app.Clock.GetUtcNow() });

        var end = await app.Services.GetRequiredService<PictureStore>().DeliverAsync(new PictureDelivery(user.Id, picture, [1], [1], 1, 1, 15000, null));

        Assert.False(end.IsFirst);
        Assert.Equal((100, 0, 1), (await app.SpendableAsync(user), await app.HeldAsync(user), await app.RowsAsync(user)));
    }

    [Theory]
    [InlineData("""{"prompt":""}""", 400, "PROMPT_MISSING")]
    [InlineData("""{"prompt":"\u0001\u0002 \ufeff"}""", 400, "PROMPT_MISSING")]
    [InlineData("""{}""", 400, "PROMPT_MISSING")]
    [InlineData("""{"prompt":"a","style":"nothing"}""", 400, "FIELD_INVALID")]
    [InlineData("""{"prompt":"a","size":"2:1"}""", 400, "FIELD_INVALID")]
    [InlineData("""{"prompt":"a","count":0}""", 400, "FIELD_INVALID")]
    [InlineData("""{"prompt":"a","count":-1}""", 400, "FIELD_INVALID")]
    [InlineData("""{"prompt":"a","count":5}""", 400, "FIELD_INVALID")]
    [InlineData("""{"prompt":"a","seed":1}""", 400, "FIELD_INVALID")]
    [InlineData("""{"prompt":"a","seed":1000000000}""", 400, "FIELD_INVALID")]
    [InlineData("""{"prompt":"a","engine":"openai/gpt-4o-mini"}""", 422, "MODEL_UNAVAILABLE")]
    public async Task What_makes_no_sense_is_refused_with_its_field(string body, int status, string code)
    {
        var user = await app.GivenUserAsync(100);

        var answer = await app.WithToken(user).PostTextAsync("/api/generate-image", body);

        Assert.Equal((status, code), ((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()));
        Assert.Equal((100, 0), (await app.SpendableAsync(user), await app.HeldAsync(user)));
    }

    [Fact]
    public async Task The_longest_prompt_is_drawn_and_one_more_character_is_too_long()
    {
        var user = await app.GivenUserAsync(100);

        Assert.Equal("done", Assert.Single(await app.DrawAsync(user, new string('é', Studio.LongestPrompt))).State);
        var longer = await app.WithToken(user).PostJsonAsync("/api/generate-image", new { prompt = new string('é', Studio.LongestPrompt + 1) });
        var megabyte = await app.WithToken(user).PostJsonAsync("/api/generate-image", new { prompt = new string('a', 1024 * 1024) });

        Assert.Equal("PROMPT_TOO_LONG", (await longer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, megabyte.StatusCode);
    }

    [Fact]
    public async Task A_prompt_of_markup_is_shown_as_it_was_typed()
    {
        var user = await app.GivenUserAsync(100);
        const string prompt = "<svg onload=alert(1)><script>alert(1)</script> \u202Eevil";
        await app.DrawAsync(user, prompt);

        var page = await app.SignedInAs(user).GetPageAsync("/images");

        Assert.Empty(page.QuerySelectorAll("#batches script, #batches svg[onload]"));
        Assert.Contains("<svg onload=alert(1)><script>alert(1)</script> evil", page.QuerySelector("#batches h3")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_form_keeps_what_was_typed_and_says_why_in_the_persons_language()
    {
        var browser = app.SignedInAs(await app.GivenUserAsync(5));
        browser.Http.DefaultRequestHeaders.Add("Accept-Language", "fr");

        var answer = await browser.PostFormAsync("/images/make", new { prompt = "trois bouteilles", style = "print", count = 2 }, from: "/images");

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        var form = (await answer.ReadHtmlAsync()).QuerySelector("#make")!;
        Assert.Equal("trois bouteilles", form.QuerySelector("textarea")!.TextContent);
        Assert.NotNull(form.QuerySelector("[name=style][value=print][checked]"));
        Assert.Contains("Ces images coûtent 20 crédits et vous en avez 5.", form.QuerySelector("#make-refusal")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_is_switched_off_can_not_be_chosen_and_is_refused()
    {
        var user = await app.GivenUserAsync(100);
        await app.ExecuteAsync("UPDATE ai_models SET status = 'off' WHERE model_id = @OpenRouterFlux", new { PictureApp.OpenRouterFlux });
        try
        {
            Assert.True((await app.SignedInAs(user).GetPageAsync("/images")).QuerySelector($"[name=engine][value='{PictureApp.OpenRouterFlux}']")!.HasAttribute("disabled"));
            var answer = await app.WithToken(user).PostJsonAsync("/api/generate-image", new { prompt = "a lamp", engine = PictureApp.OpenRouterFlux });
            Assert.Equal("MODEL_UNAVAILABLE", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        }
        finally
        {
            await app.ExecuteAsync("UPDATE ai_models SET status = 'live' WHERE model_id = @OpenRouterFlux", new { PictureApp.OpenRouterFlux });
        }
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.31.0.1", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.1.1", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("8.8.8.8", true)]
    [InlineData("::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2001:4860:4860::8888", true)]
    public void A_picture_is_fetched_from_the_public_network_only(string address, bool isPublic)
    {
        Assert.Equal(isPublic, PublicNetwork.Has(IPAddress.Parse(address)));
    }

    private Task<IReadOnlyList<long>> CostsAsync(TestUser user) =>
        app.QueryAsync<long>("SELECT cost_microusd FROM credit_holds WHERE user_id = @Id", new { user.Id });
}
