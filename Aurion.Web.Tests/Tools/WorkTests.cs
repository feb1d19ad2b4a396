using System.IO.Compression;
using System.Net;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Tools;

/// <summary>What is made in a tool lasts, belongs to its maker, and no tab overwrites another.</summary>
public sealed class WorkTests(ToolApp app) : IClassFixture<ToolApp>
{
    [Fact]
    public async Task A_text_is_saved_found_under_your_work_and_opened_in_a_later_session()
    {
        var (session, id) = (await app.LaunchAsync(), app.NewRun());
        await session.SaveAsync(id, 0, "# Bread\n\nRye and spelt.", title: "Bread letter");
        await session.ActAsync(new { action = "end" });

        var later = await app.LaunchAsync(session.User);
        var browser = app.SignedInAs(session.User);
        var list = await browser.GetPageAsync("/work");
        var page = await browser.GetPageAsync($"/work/{id}");

        Assert.Equal("# Bread\n\nRye and spelt.", await later.LoadAsync(id));
        Assert.Equal("Bread letter", list.QuerySelector($".piece a[href='/work/{id}']")?.TextContent);
        Assert.Contains("Rye and spelt.", page.QuerySelector(".md")!.TextContent, StringComparison.Ordinal);
        Assert.NotNull((await browser.GetPageAsync("/work?q=spelt")).QuerySelector(".piece"));
        Assert.Null((await browser.GetPageAsync("/work?q=100%25")).QuerySelector(".piece"));
        Assert.Equal(id.ToString(), (await browser.GetPageAsync($"/tools/text-editor?work={id}")).QuerySelector("iframe")!.GetAttribute("data-work-id"));
    }

    [Fact]
    public async Task Two_tabs_never_overwrite_each_other_and_both_texts_stay()
    {
        var (session, id) = (await app.LaunchAsync(), app.NewRun());
        await session.SaveAsync(id, 0, "first");
        var (_, mine) = await session.SaveAsync(id, 1, "tab one");

        var (status, conflict) = await session.SaveAsync(id, 1, "tab two");
        Assert.Equal((409, "WORK_CHANGED", mine.GetProperty("revision").GetInt32()), (status, conflict.GetProperty("code").GetString(), conflict.GetProperty("revision").GetInt32()));
        Assert.Equal("tab one", await session.LoadAsync(id));

        var (_, forced) = await session.SaveAsync(id, 1, "tab two", force: true);
        Assert.Equal("tab two", await session.LoadAsync(id));
        Assert.Equal("tab one", await session.LoadAsync(id, forced.GetProperty("version").GetInt32() - 1));
    }

    [Fact]
    public async Task Of_many_saves_of_one_revision_at_once_one_is_kept()
    {
        var (session, id) = (await app.LaunchAsync(), app.NewRun());
        await session.SaveAsync(id, 0, "first");

        var saved = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => session.SaveAsync(id, 1, $"text {i}")));

        Assert.Single(saved, answer => answer.Status == 200);
        Assert.Equal(7, saved.Count(answer => answer.Status == 409));
    }

    [Fact]
    public async Task Saves_of_one_sitting_are_one_version_and_what_is_kept_is_never_overwritten()
    {
        var (session, id) = (await app.LaunchAsync(), app.NewRun());
        await session.SaveAsync(id, 0, "a");
        await session.SaveAsync(id, 1, "ab");
        Assert.Equal(1, await VersionsAsync(id));
        await session.SaveAsync(id, 2, "ab", keep: true);
        await session.SaveAsync(id, 3, "abc");
        Assert.Equal(2, await VersionsAsync(id));
        Assert.Equal(("ab", "abc"), (await session.LoadAsync(id, 1), await session.LoadAsync(id)));
        app.Clock.Advance(TimeSpan.FromMinutes(11));
        await session.SaveAsync(id, 4, "abcd");
        Assert.Equal(3, await VersionsAsync(id));
    }

    [Fact]
    public async Task A_piece_that_was_deleted_meanwhile_is_not_brought_back_by_a_save()
    {
        var (session, id) = (await app.LaunchAsync(), app.NewRun());
        await session.SaveAsync(id, 0, "a");
        await app.SignedInAs(session.User).PostFormAsync($"/work/{id}/delete", from: $"/work/{id}");

        Assert.Equal(404, (await session.SaveAsync(id, 1, "ab")).Status);
        Assert.Equal(0, await VersionsAsync(id));
    }

    [Fact]
    public async Task Nothing_of_anybody_else_is_read_changed_or_deleted()
    {
        var (owner, other, id) = (await app.LaunchAsync(), await app.LaunchAsync(), app.NewRun());
        await owner.SaveAsync(id, 0, "mine");
        var browser = app.SignedInAs(other.User);

        Assert.Equal(404, (await other.ActAsync(new { action = "load", workId = id })).Status);
        Assert.Equal(404, (await other.ActAsync(new { action = "export", workId = id, format = "md" })).Status);
        Assert.Equal(404, (await other.SaveAsync(id, 1, "theirs")).Status);
        foreach (var page in new[] { $"/work/{id}", $"/work/{id}/export/md" })
            Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(page)).StatusCode);
        foreach (var verb in new[] { "delete", "rename", "unpublish" })
            Assert.Equal(HttpStatusCode.NotFound, (await browser.PostFormAsync($"/work/{id}/{verb}", new { title = "x" }, from: "/account")).StatusCode);
        Assert.Equal("mine", await owner.LoadAsync(id));
        Assert.Null((await browser.GetPageAsync("/work")).QuerySelector(".piece"));
    }

    [Fact]
    public async Task A_piece_of_one_tool_is_not_there_for_another()
    {
        var (session, id) = (await app.LaunchAsync(), app.NewRun());
        await session.SaveAsync(id, 0, "mine");
        var other = await app.LaunchAsync(session.User, "code-editor");

        Assert.Equal(404, (await other.ActAsync(new { action = "load", workId = id })).Status);
        Assert.Equal(404, (await other.SaveAsync(id, 1, "x")).Status);
    }

    [Theory]
    [InlineData("../text.md")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../b.md")]
    [InlineData("C:\\x.md")]
    [InlineData("a//b.md")]
    [InlineData(".hidden")]
    [InlineData("a/.git/x")]
    [InlineData("a\nb.md")]
    [InlineData("")]
    public async Task A_path_that_leads_elsewhere_is_refused(string path)
    {
        var session = await app.LaunchAsync();

        var (status, answer) = await session.SaveAsync(app.NewRun(), 0, "x", path: path);

        Assert.Equal((422, "PATH_INVALID"), (status, answer.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Two_hundred_files_a_large_one_a_huge_project_and_characters_that_are_none_are_refused()
    {
        var session = await app.LaunchAsync();
        Task<(int Status, System.Text.Json.JsonElement Body)> Save(object files, object? state = null) =>
            session.ActAsync(new { action = "save", work = new { id = app.NewRun(), title = "x", baseRevision = 0, files, state } });

        Assert.Equal("TOO_MANY_FILES", Code(await Save(Enumerable.Range(0, 200).Select(i => new { path = $"f{i}.txt", text = "x" }))));
        Assert.Equal("WORK_TOO_LARGE", Code(await Save(new[] { new { path = "a.txt", text = new string('x', 600_000) } })));
        Assert.Equal("PATH_TWICE", Code(await Save(new[] { new { path = "a.txt", text = "" }, new { path = "A.txt", text = "" } })));
        Assert.Equal(400, (await Save(new[] { new { path = "a.txt", text = "\0" } })).Status);
        Assert.Equal("TEXT_INVALID", Code(await Save(new[] { new { path = "a.txt", text = "" } }, new { a = "\0" })));
        Assert.Equal(413, (await Save(new[] { new { path = "a.txt", text = new string('x', 20 * 1024 * 1024) } })).Status);
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM works WHERE user_id = @Id", new { session.User.Id }));
    }

    [Fact]
    public async Task It_can_be_taken_along_as_Markdown_Word_and_ZIP_and_comes_back_from_Word()
    {
        var (session, id) = (await app.LaunchAsync(), app.NewRun());
        const string text = "# Bread\n\nRye **and** *spelt*, [here](https://example.org/).\n\n- one\n- two\n\n1. first\n2. second\n\n> said\n";
        await session.SaveAsync(id, 0, text, title: "Bread & water");
        var browser = app.SignedInAs(session.User);

        Assert.Equal(text, await (await browser.GetAsync($"/work/{id}/export/md")).Content.ReadAsStringAsync());
        using var zip = new ZipArchive(await (await browser.GetAsync($"/work/{id}/export/zip")).Content.ReadAsStreamAsync());
        Assert.Equal("text.md", Assert.Single(zip.Entries).FullName);
        var (_, word) = await session.ActAsync(new { action = "export", workId = id, format = "docx" });
        Assert.Equal("bread-water.docx", word.GetProperty("name").GetString());
        var (_, back) = await session.ActAsync(new { action = "import", document = word.GetProperty("content").GetString() });
        Assert.Equal("# Bread\n\nRye **and** *spelt*, [here](https://example.org/).\n\n- one\n- two\n1. first\n1. second\n\n> said\n", back.GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("bm8gWklQ")]
    [InlineData("not base64!")]
    public async Task A_document_that_is_none_is_refused(string document)
    {
        var session = await app.LaunchAsync();

        Assert.Equal(422, (await session.ActAsync(new { action = "import", document })).Status);
    }

    [Fact]
    public async Task A_document_that_unpacks_to_more_than_anybody_writes_is_refused()
    {
        var session = await app.LaunchAsync();
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = zip.CreateEntry("word/document.xml", CompressionLevel.SmallestSize).Open();
            for (var i = 0; i < 64; i++)
                entry.Write(new byte[1024 * 1024]);
        }

        Assert.Equal(422, (await session.ActAsync(new { action = "import", document = Convert.ToBase64String(bytes.ToArray()) })).Status);
    }

    [Fact]
    public async Task What_was_made_is_in_the_persons_export_and_goes_with_the_account()
    {
        var (session, id) = (await app.LaunchAsync(), app.NewRun());
        await session.SaveAsync(id, 0, "dear diary");
        await session.CallAsync("Due to the fact that it rained, we stayed.");
        using var zip = new ZipArchive(await (await app.SignedInAs(session.User).GetAsync("/api/gdpr/export")).Content.ReadAsStreamAsync());
        using var reader = new StreamReader(zip.GetEntry("account.json")!.Open());
        var export = await reader.ReadToEndAsync();

        await app.ExecuteAsync("SELECT close_account(@Id, @now)", new { session.User.Id, now = app.Clock.GetUtcNow() });

        Assert.Contains("dear diary", export, StringComparison.Ordinal);
        Assert.Contains("Because it rained", export, StringComparison.Ordinal);
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT (SELECT count(*) FROM works WHERE user_id = @Id)::int + (SELECT count(*) FROM work_versions WHERE user_id = @Id)::int + (SELECT count(*) FROM tool_runs WHERE user_id = @Id AND answer <> '')::int", new { session.User.Id }));
    }

    private Task<int> VersionsAsync(Guid id) => app.ScalarAsync<int>("SELECT count(*)::int FROM work_versions WHERE work_id = @id", new { id });

    private static string? Code((int Status, System.Text.Json.JsonElement Body) answer) => answer.Body.GetProperty("code").GetString();
}
