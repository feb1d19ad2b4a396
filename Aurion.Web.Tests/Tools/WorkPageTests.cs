using System.Net;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Tools;

/// <summary>What was made runs on an address of its own, without any right, until that address is closed.</summary>
public sealed class WorkPageTests(ToolApp app) : IClassFixture<ToolApp>
{
    [Fact]
    public async Task A_preview_runs_its_own_files_in_an_origin_that_is_nobodys_and_reports_its_faults()
    {
        var (session, id) = await GivenPageAsync();

        var page = await app.OnToolHost().GetAsync(await PreviewAsync(session, id));
        var html = await page.Content.ReadAsStringAsync();
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();

        Assert.StartsWith("<!doctype html><head><script src=\"/js/preview.js\"></script>", html, StringComparison.Ordinal);
        Assert.StartsWith("sandbox allow-scripts allow-forms allow-modals; default-src 'none'; ", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("allow-same-origin", policy);
        Assert.DoesNotContain("connect-src", policy);
        Assert.Contains("form-action 'none'", policy);
        Assert.Contains("frame-ancestors http://127.0.0.1:5085 http://127.0.0.1:5080", policy);
        Assert.False(page.Headers.Contains("Set-Cookie"));
        Assert.Equal("text/javascript", (await app.OnToolHost().GetAsync(await PreviewAsync(session, id) + "app.js")).Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.NotFound, (await app.OnToolHost().GetAsync(await PreviewAsync(session, id) + "other.js")).StatusCode);
    }

    [Fact]
    public async Task An_address_of_a_preview_is_no_other_ones_and_ends_after_a_day()
    {
        var (session, id) = await GivenPageAsync();
        var address = await PreviewAsync(session, id);
        var ticket = address.Split('/')[2];

        Assert.Equal(HttpStatusCode.NotFound, (await app.OnToolHost().GetAsync($"/preview/{ticket[..40]}{(ticket[40] == 'A' ? 'B' : 'A')}{ticket[41..]}/")).StatusCode);
        app.Clock.Advance(TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.NotFound, (await app.OnToolHost().GetAsync(address)).StatusCode);
    }

    [Fact]
    public async Task What_is_published_stays_as_it_was_until_its_address_is_closed_and_a_later_one_is_another()
    {
        var (session, id) = await GivenPageAsync();
        var address = await PublishAsync(session, id);
        await session.SaveAsync(id, 1, "<!doctype html><p>newer</p>", path: "index.html", keep: true);

        var page = await app.OnToolHost().GetAsync(address);
        Assert.Contains("<h1>Kiln</h1>", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("preview.js", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", page.Headers.GetValues("Content-Security-Policy").Single());
        Assert.NotNull((await app.SignedInAs(session.User).GetPageAsync($"/work/{id}")).QuerySelector($"a[href$='{address}']"));

        await app.SignedInAs(session.User).PostFormAsync($"/work/{id}/unpublish", from: $"/work/{id}");
        Assert.Equal(HttpStatusCode.NotFound, (await app.OnToolHost().GetAsync(address)).StatusCode);
        Assert.NotEqual(address, await PublishAsync(session, id));
    }

    [Fact]
    public async Task A_published_page_goes_with_its_work()
    {
        var (session, id) = await GivenPageAsync();
        var address = await PublishAsync(session, id);

        await app.SignedInAs(session.User).PostFormAsync($"/work/{id}/delete", from: $"/work/{id}");

        Assert.Equal(HttpStatusCode.NotFound, (await app.OnToolHost().GetAsync(address)).StatusCode);
    }

    [Fact]
    public async Task Nobody_publishes_or_previews_the_work_of_somebody_else()
    {
        var (_, id) = await GivenPageAsync();
        var stranger = await app.LaunchAsync(tool: "app-builder");

        Assert.Equal(404, (await stranger.ActAsync(new { action = "publish", workId = id })).Status);
        Assert.Equal(404, (await stranger.ActAsync(new { action = "preview", workId = id })).Status);
    }

    [Fact]
    public async Task A_save_says_where_what_it_saved_runs()
    {
        var (session, id) = await GivenPageAsync();
        var files = new[] { new { path = "index.html", text = "<h1>Pug mill</h1>" } };

        var saved = (await session.ActAsync(new { action = "save", work = new { id, title = "Kiln", baseRevision = 1, files } })).Body;

        var address = new Uri(saved.GetProperty("preview").GetString()!).AbsolutePath;
        Assert.Contains("<h1>Pug mill</h1>", await (await app.OnToolHost().GetAsync(address)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<(ToolSession Session, Guid Id)> GivenPageAsync()
    {
        var (session, id) = (await app.LaunchAsync(tool: "app-builder"), app.NewRun());
        var files = new[] { new { path = "index.html", text = "<!doctype html><head><title>Kiln</title></head><h1>Kiln</h1><script src=\"app.js\"></script>" }, new { path = "app.js", text = "console.log(1);" } };
        await session.ActAsync(new { action = "save", work = new { id, title = "Kiln", baseRevision = 0, files, keep = true } });
        return (session, id);
    }

    private static async Task<string> PreviewAsync(ToolSession session, Guid id) => await PathAsync(session, id, "preview");

    private static async Task<string> PublishAsync(ToolSession session, Guid id) => await PathAsync(session, id, "publish");

    private static async Task<string> PathAsync(ToolSession session, Guid id, string action) =>
        new Uri((await session.ActAsync(new { action, workId = id })).Body.GetProperty("url").GetString()!).AbsolutePath;
}
