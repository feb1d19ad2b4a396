using System.IO.Compression;
using System.Net;
using Aurion.Data.Account;
using Aurion.Web.Account.Deletion;
using Aurion.Web.Account.Exports;
using Aurion.Web.Tests.Billing;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Account;

/// <summary>The export that a person asks for: made by a job, told by mail, kept for a day, and nobody else's.</summary>
public sealed class ExportFileTests(MailApp app) : IClassFixture<MailApp>
{
    private const string Page = "/account/export";

    [Fact]
    public async Task It_is_asked_for_made_mailed_downloaded_and_gone_after_a_day()
    {
        var (user, other) = (await app.GivenUserAsync(), await app.GivenUserAsync());
        var browser = app.SignedInAs(user);
        Assert.NotNull((await browser.GetPageAsync(Page)).QuerySelector("main form"));

        (await browser.PostAsync(Page)).AssertGoesTo(Page);

        var page = await browser.GetPageAsync(Page);
        Assert.Contains("being prepared", page.QuerySelector("#export")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("load delay:2s", page.QuerySelector("#export")!.GetAttribute("hx-trigger"));
        Assert.Null(page.QuerySelector("main form"));
        Assert.Empty(await app.MailboxAsync(user));

        await RunAsync();

        var mail = Assert.Single(await app.MailboxAsync(user));
        Assert.Equal("Your data is ready to download", mail.Subject);
        Assert.EndsWith(Page, mail.Links[0], StringComparison.Ordinal);
        page = await browser.GetPageAsync(Page);
        var link = page.QuerySelector("#export a.btn")!.GetAttribute("href")!;
        Assert.Null(page.QuerySelector("#export")!.GetAttribute("hx-trigger"));
        var answer = await browser.GetAsync(link);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        var file = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal(file.Length, answer.Content.Headers.ContentLength);
        using (var zip = new ZipArchive(new MemoryStream(file)))
        using (var reader = new StreamReader(await zip.GetEntry("account.json")!.OpenAsync()))
            Assert.Contains(user.Email, await reader.ReadToEndAsync(), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.NotFound, (await app.SignedInAs(other).GetAsync(link)).StatusCode);
        Assert.StartsWith("/account/sign-in?returnUrl=", (await app.Anonymous().GetAsync(link)).Headers.Location!.OriginalString, StringComparison.Ordinal);

        // The clock runs on while a slow machine works.
        app.Clock.Advance(ExportFileStore.Lifetime - TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(link)).StatusCode);
        app.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(link)).StatusCode);
        Assert.NotNull((await browser.GetPageAsync(Page)).QuerySelector("main form"));
        await RunAsync();
        Assert.Equal((0, 0), await RowsAsync(user));
    }

    [Fact]
    public async Task Asked_for_many_times_at_once_it_is_one_and_another_one_after_its_day()
    {
        var user = await app.GivenUserAsync();
        var browser = app.SignedInAs(user);
        var token = await browser.FormTokenAsync(Page);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => browser.SendFormAsync(Page, [new("__RequestVerificationToken", token)])));
        await Task.WhenAll(RunAsync(), RunAsync());
        await browser.SendFormAsync(Page, [new("__RequestVerificationToken", token)]);
        await RunAsync();

        Assert.Single(await app.MailboxAsync(user));
        app.Clock.Advance(ExportFileStore.Lifetime);
        await browser.SendFormAsync(Page, [new("__RequestVerificationToken", token)]);
        await RunAsync();
        Assert.Equal(2, (await app.MailboxAsync(user)).Count);
    }

    [Fact]
    public async Task A_worker_that_dies_before_in_or_after_the_file_leaves_it_to_the_next_one()
    {
        var user = await app.GivenUserAsync();
        await app.SignedInAs(user).PostAsync(Page);
        var files = app.Service<ExportFileStore>();
        var claimed = await files.ClaimAsync();
        Assert.Equal(user.Id, claimed!.UserId);

        // The first died; its time is not over.
        await RunAsync();
        Assert.Null((await files.FindAsync(user.Id))!.ExpiresAt);
        // In the middle of the file.
        await Assert.ThrowsAsync<IOException>(() => files.FinishAsync(claimed, new BreakingStream(1_500_000)));
        Assert.Equal((1, 0), await RowsAsync(user));
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        using (var death = new CancellationTokenSource())
        {
            var work = app.Service<PrepareExportsJob>().RunAsync(death.Token);
            await death.CancelAsync();
            await Record.ExceptionAsync(() => work);
        }
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        await RunAsync();

        Assert.NotNull((await files.FindAsync(user.Id))!.ExpiresAt);
        Assert.Single(await app.MailboxAsync(user));
        // One that comes back from the dead changes nothing.
        Assert.False(await files.FinishAsync(claimed, new MemoryStream([1, 2, 3])));
        Assert.Equal(HttpStatusCode.OK, (await app.SignedInAs(user).GetAsync($"{Page}/{claimed.Id}/aurion-data.zip")).StatusCode);
    }

    [Fact]
    public async Task A_large_account_is_kept_and_read_in_pieces()
    {
        var user = await app.GivenUserAsync();
        await app.ExecuteAsync("""
            INSERT INTO picture_batches (user_id, id, prompt, style, size, model_id, created_at) VALUES (@Id, @Id, 'a heron', 'none', '1:1', 'freepik/flux-dev', @now);
            INSERT INTO pictures (user_id, id, batch_id, place, seed, state, created_at, next_attempt_at, width, height, closed_at)
            SELECT @Id, gen_random_uuid(), @Id, place, 2, 'done', @now, @now, 1, 1, @now FROM generate_series(1, 4) AS place;
            INSERT INTO picture_files (user_id, picture_id, kind, content)
            SELECT user_id, id, 'picture', decode(string_agg(md5(id::text || n), ''), 'hex') FROM pictures, generate_series(1, 100000) AS n WHERE user_id = @Id GROUP BY user_id, id;
            """, new { user.Id, now = app.Clock.GetUtcNow() });
        var browser = app.SignedInAs(user);
        await browser.PostAsync(Page);

        await RunAsync();

        var sizes = await app.QueryAsync<int>("SELECT octet_length(content) FROM account_export_parts WHERE user_id = @Id ORDER BY part", new { user.Id });
        Assert.True(sizes.Count > 6, $"{sizes.Count} parts");
        Assert.All(sizes.SkipLast(1), size => Assert.Equal(1024 * 1024, size));
        var link = (await browser.GetPageAsync(Page)).QuerySelector("#export a.btn")!.GetAttribute("href")!;
        using var zip = new ZipArchive(new MemoryStream(await (await browser.GetAsync(link)).Content.ReadAsByteArrayAsync()));
        var pictures = zip.Entries.Where(entry => entry.FullName.StartsWith("pictures/", StringComparison.Ordinal)).ToList();
        Assert.Equal([1_600_000, 1_600_000, 1_600_000, 1_600_000], pictures.Select(entry => entry.Length));
        foreach (var picture in pictures)
        {
            var content = new MemoryStream();
            await using (var stream = await picture.OpenAsync())
                await stream.CopyToAsync(content);
            Assert.Equal(
                await app.ScalarAsync<string>("SELECT encode(sha256(content), 'hex') FROM picture_files WHERE picture_id = @id::uuid", new { id = Path.GetFileNameWithoutExtension(picture.Name) }),
                Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content.ToArray())));
        }
    }

    [Fact]
    public async Task One_that_fails_holds_up_nobody_else_and_is_named()
    {
        var (bad, good) = (await app.GivenUserAsync(), await app.GivenUserAsync());
        await app.ExecuteAsync($$"""
            CREATE FUNCTION refuse_part() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room'; END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON account_export_parts FOR EACH ROW WHEN (NEW.user_id = '{{bad.Id}}') EXECUTE FUNCTION refuse_part();
            """);
        await app.SignedInAs(bad).PostAsync(Page);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await app.SignedInAs(good).PostAsync(Page);

        await RunAsync();

        Assert.Equal(1, await app.ScalarAsync<int>("SELECT times FROM job_failures WHERE job = 'PrepareExportsJob' AND subject = 'user ' || @Id", new { bad.Id }));
        Assert.Single(await app.MailboxAsync(good));
        await app.ExecuteAsync("DROP FUNCTION refuse_part CASCADE");
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        await RunAsync();
        Assert.Single(await app.MailboxAsync(bad));
    }

    [Fact]
    public async Task An_account_that_was_erased_meanwhile_gets_none()
    {
        var browser = app.Anonymous();
        (await browser.SignUpAsync("exportgone@test.example")).AssertGoesTo("/dashboard");
        var id = await app.ScalarAsync<Guid>("SELECT user_id FROM account_credentials WHERE email = 'exportgone@test.example'");
        await browser.PostAsync(Page);
        var claimed = (await app.Service<ExportFileStore>().ClaimAsync())!;
        await browser.PostAsync("/account/delete");
        app.Clock.Advance(AccountDeletions.Grace);
        await app.Service<EraseAccountsJob>().RunAsync(CancellationToken.None);

        Assert.Equal(id, claimed.UserId);
        Assert.False(await app.Service<ExportFileStore>().FinishAsync(claimed, new MemoryStream([1, 2, 3])));
        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*)::int FROM account_exports WHERE user_id = @id", new { id }));
    }

    [Fact]
    public async Task Page_mail_and_file_speak_the_owners_language()
    {
        var user = await app.GivenUserAsync();
        await app.SpeakAsync(user, "fr");
        var browser = app.SignedInAs(user);
        browser.Jar["lang"] = "fr";
        await browser.PostAsync(Page);
        Assert.Contains("en préparation", (await browser.GetPageAsync(Page)).QuerySelector("#export")!.TextContent, StringComparison.Ordinal);

        await RunAsync();

        Assert.Equal("Vos données sont prêtes à être téléchargées", Assert.Single(await app.MailboxAsync(user)).Subject);
        var link = (await browser.GetPageAsync(Page)).QuerySelector("#export a.btn")!.GetAttribute("href")!;
        using var zip = new ZipArchive(await (await browser.GetAsync(link)).Content.ReadAsStreamAsync());
        using var reader = new StreamReader(await zip.GetEntry("credits.csv")!.OpenAsync());
        Assert.Contains("Crédits du plan Free", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    private Task RunAsync() => app.Service<PrepareExportsJob>().RunAsync(CancellationToken.None);

    private async Task<(int Exports, int Parts)> RowsAsync(TestUser user) => (await app.QueryAsync<(int, int)>("""
        SELECT (SELECT count(*)::int FROM account_exports WHERE user_id = @Id), (SELECT count(*)::int FROM account_export_parts WHERE user_id = @Id)
        """, new { user.Id }))[0];

    /// <summary>Gives so many bytes and then breaks off.</summary>
    private sealed class BreakingStream(int good) : MemoryStream(new byte[good])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new IOException("The disk is gone.");
    }
}
