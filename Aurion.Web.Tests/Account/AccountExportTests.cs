using System.IO.Compression;
using System.Net;
using System.Text.Json;
using Aurion.Data.Account;
using Aurion.Web.Tests.Billing;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Account;

/// <summary>What a person takes along: all that is theirs, nothing of anybody else's, and figures that agree.</summary>
public sealed class AccountExportTests(MailApp app) : IClassFixture<MailApp>
{
    /// <summary>What speaks of a person and is not given out, with the reason.</summary>
    private static readonly Dictionary<string, string> LeftOut = new(StringComparer.Ordinal)
    {
        ["stripe_events"] = "Stripe's messages, word for word: what they told is in the invoices, subscriptions and packs",
        ["former_stripe_customers"] = "ids of customers that Stripe has no longer",
    };

    [Fact]
    public async Task Everything_of_a_subscriber_is_in_it_and_the_movements_add_up_to_the_balance()
    {
        var user = await app.GivenSubscriberAsync("plus");
        await app.SignedInAs(user).PostFormAsync("/tools/app-builder");

        var export = await ExportAsync(user);

        Assert.Equal(AccountExportStore.Sections.Prepend("kept_days").Prepend("exported_at"), export.Account.EnumerateObject().Select(section => section.Name));
        Assert.Equal(user.Email, export.Only("profile").GetProperty("email").GetString());
        Assert.Equal("plus", export.Only("plan").GetProperty("plan_type").GetString());
        Assert.Equal("paid", export.Only("invoices").GetProperty("status").GetString());
        Assert.Equal("active", export.Only("subscriptions").GetProperty("status").GetString());
        Assert.Equal("payment_receipt", export.Only("mails").GetProperty("kind").GetString());
        Assert.Equal("app-builder", export.Only("tool_sessions").GetProperty("tool_id").GetString());
        Assert.Equal(4_950, export.Balance);
        Assert.Equal(export.Balance, export.Csv.Sum(line => int.Parse(line.Split(',')[4], null)));
        Assert.Equal(export.Account.GetProperty("movements").GetArrayLength(), export.Csv.Count);
        Assert.StartsWith("seq,time,", export.CsvHead, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_credits_are_spent_every_export_agrees_with_itself()
    {
        var user = await app.GivenUserAsync(credits: 5_000);
        using var enough = new CancellationTokenSource();
        var spending = Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!enough.IsCancellationRequested)
                await app.ExecuteAsync("UPDATE user_credits SET used_credits = used_credits + 1 WHERE user_id = @Id AND used_credits < total_credits", new { user.Id });
        }));

        var exports = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ExportAsync(user)));
        exports = [.. exports, .. await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ExportAsync(user)))];
        await enough.CancelAsync();
        await spending;

        Assert.True(exports.Select(export => export.Balance).Distinct().Count() > 1, "Nothing was spent between two exports.");
        Assert.All(exports, export =>
        {
            Assert.Equal(export.Balance, export.Csv.Sum(line => int.Parse(line.Split(',')[4], null)));
            Assert.Equal(export.Balance, export.Account.GetProperty("movements").EnumerateArray().Sum(row => row.GetProperty("delta").GetInt32()));
        });
    }

    [Fact]
    public async Task Nothing_of_anybody_else_and_nothing_that_opens_an_account_is_in_it()
    {
        var (other, browser) = (await app.GivenUserAsync(), app.Anonymous());
        await app.SignedInAs(other).PostFormAsync("/tools/app-builder");
        (await browser.SignUpAsync("exporter@test.example")).AssertGoesTo("/dashboard");
        await app.Anonymous().AskForResetAsync("exporter@test.example");
        var (hash, digest) = (await app.QueryAsync<(string, string)>("""
            SELECT password_hash, encode(sha256(convert_to(password_hash, 'UTF8')), 'hex') FROM account_credentials WHERE email = 'exporter@test.example'
            """))[0];

        var export = await ReadAsync(await browser.GetAsync("/api/gdpr/export"));

        Assert.Contains("password_reset", export.Json, StringComparison.Ordinal);
        foreach (var foreign in new[] { other.Email, other.Id.ToString(), hash, digest, browser.Jar["aurion"]! })
            Assert.DoesNotContain(foreign, export.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_table_that_speaks_of_a_person_is_forgotten()
    {
        var tables = await app.QueryAsync<string>("""
            SELECT DISTINCT table_name::text FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
             WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND (column_name = 'user_id' OR table_name = 'profiles') AND table_name NOT LIKE 'qrtz%'
            """);

        Assert.All(tables.Except(LeftOut.Keys), table => Assert.Contains($" FROM {table} ", AccountExportStore.Sql, StringComparison.Ordinal));
        Assert.Empty(LeftOut.Keys.Except(tables));
    }

    [Fact]
    public async Task Programs_get_it_with_a_token_and_strangers_do_not()
    {
        var user = await app.GivenUserAsync();

        Assert.Equal(user.Email, (await ReadAsync(await app.WithToken(user).GetAsync("/api/gdpr/export"))).Only("profile").GetProperty("email").GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Anonymous().GetAsync("/api/gdpr/export")).StatusCode);
        (await app.Anonymous().GetAsync("/account/export")).AssertGoesTo("/account/sign-in?returnUrl=%2Faccount%2Fexport");
    }

    private async Task<Export> ExportAsync(TestUser user) => await ReadAsync(await app.SignedInAs(user).GetAsync("/api/gdpr/export"));

    private static async Task<Export> ReadAsync(HttpResponseMessage answer)
    {
        answer.EnsureSuccessStatusCode();
        Assert.Equal("application/zip", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        await using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync());
        var json = await TextAsync("account.json");
        var lines = (await TextAsync("credits.csv")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        return new(json, JsonDocument.Parse(json).RootElement, lines[0], lines[1..]);

        async Task<string> TextAsync(string name)
        {
            using var reader = new StreamReader(await zip.GetEntry(name)!.OpenAsync());
            return await reader.ReadToEndAsync();
        }
    }

    private sealed record Export(string Json, JsonElement Account, string CsvHead, IReadOnlyList<string> Csv)
    {
        public int Balance => Only("credits") is var row ? row.GetProperty("total_credits").GetInt32() - row.GetProperty("used_credits").GetInt32() + row.GetProperty("bonus_credits").GetInt32() : 0;

        public JsonElement Only(string section) => Assert.Single(Account.GetProperty(section).EnumerateArray());
    }
}
