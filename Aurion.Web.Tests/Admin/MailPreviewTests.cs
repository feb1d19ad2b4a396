using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Aurion.Web.Infrastructure;
using Aurion.Web.Infrastructure.Mail;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Admin;

/// <summary>Every e-mail of the product as its readers get it, for administrators.</summary>
public sealed partial class MailPreviewTests(AdminApp app) : IClassFixture<AdminApp>
{
    [Fact]
    public void Every_kind_that_the_database_can_queue_is_written_and_no_other()
    {
        // A kind stands before its facts, or is chosen by a CASE; a receipt is named after what was bought.
        var queued = new SortedSet<string>(["pack_receipt", "top_up_receipt"], StringComparer.Ordinal);
        foreach (var (path, text) in Repository.Sources("sql/functions", ".sql").Where(source => source.Text.Contains("INTO mails", StringComparison.Ordinal) && !source.Path.EndsWith("write_admin_mails.sql", StringComparison.Ordinal)))
        {
            var kinds = Inserts().Matches(text).SelectMany(match => Queued().Matches(match.Value)).Concat(Chosen().Matches(text).SelectMany(match => Word().Matches(match.Value))).Select(match => match.Groups[1].Value).ToList();
            Assert.True(kinds.Count > 0, $"{path} queues an e-mail of a kind that this test does not see");
            queued.UnionWith(kinds);
        }
        foreach (var (_, text) in Repository.Sources("Aurion.Data", ".cs").Concat(Repository.Sources("sql/functions", ".sql")))
            queued.UnionWith(ToAdministrators().Matches(text).Select(match => match.Groups[1].Value));

        Assert.Equal(queued, new SortedSet<string>(app.Service<EmailKinds>().All.Select(kind => kind.Name), StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_list_names_each_kind_once_with_a_page_of_its_own()
    {
        var links = (await (await app.AdminAsync()).GetPageAsync("/admin/mails/previews")).QuerySelectorAll("tbody a").Select(link => link.GetAttribute("href")).ToList();

        Assert.Equal(app.Service<EmailKinds>().All.Select(kind => "/admin/mails/previews/" + kind.Name), links);
        Assert.Equal(links.Count, links.Distinct().Count());
    }

    [Fact]
    public async Task Each_page_shows_the_very_HTML_and_text_of_every_example_in_both_languages()
    {
        var admin = await app.AdminAsync();
        foreach (var kind in app.Service<EmailKinds>().All)
        {
            var page = await admin.GetPageAsync("/admin/mails/previews/" + kind.Name);
            var frames = page.QuerySelectorAll("iframe");
            Assert.Equal(kind.Examples.Count * 2, frames.Length);
            foreach (var (frame, place) in frames.Select((frame, place) => (frame, place)))
            {
                var (facts, language) = (kind.Examples[place / 2], place % 2 == 0 ? "en" : "fr");
                var email = app.Service<EmailKinds>().Write(kind.Name, facts, language, null)!;
                var html = await (await admin.GetAsync(frame.GetAttribute("src")!)).Content.ReadAsStringAsync();

                Assert.Equal("", frame.GetAttribute("sandbox"));
                Assert.StartsWith("<!doctype html>", html, StringComparison.Ordinal);
                Assert.Contains($"<html lang=\"{language}\">", html, StringComparison.Ordinal);
                Assert.Equal(WithoutTokens(await app.Service<EmailRenderer>().HtmlAsync(email)), WithoutTokens(html));
                Assert.Equal(WithoutTokens(EmailRenderer.Text(email)), WithoutTokens(page.QuerySelectorAll("pre")[place].TextContent));
            }
        }
    }

    [Fact]
    public void French_is_French_in_every_word()
    {
        foreach (var kind in app.Service<EmailKinds>().All)
        {
            foreach (var facts in kind.Examples)
            {
                var (english, french) = (app.Service<EmailKinds>().Write(kind.Name, facts, "en", null)!, app.Service<EmailKinds>().Write(kind.Name, facts, "fr", null)!);
                Assert.NotEqual(english.Subject, french.Subject);
                Assert.NotEqual(english.Reason, french.Reason);
                Assert.Empty(english.Paragraphs.Intersect(french.Paragraphs));
                Assert.Empty(english.Links.Select(link => link.Text).Intersect(french.Links.Select(link => link.Text)));
                // These words are the same in both.
                Assert.Empty(english.Lines.Concat(english.Credits).Select(line => line.Name).Intersect(french.Lines.Concat(french.Credits).Select(line => line.Name)).Except(["Plan", "App Builder", "Code Editor"]));
                Assert.DoesNotMatch("[^\u00a0\u202f][:;!?](\\s|$)", string.Join('\n', [french.Subject, french.Reason, .. french.Paragraphs]));
            }
        }
    }

    [Fact]
    public void Amounts_of_money_end_in_a_total_in_HTML_and_in_text()
    {
        foreach (var kind in new[] { "payment_receipt", "pack_receipt", "top_up_receipt", "payment_failed", "payment_failed_again", "payment_failed_last", "plan_frozen", "duplicate_refund" })
        {
            var email = app.Service<EmailKinds>().Write(kind, app.Service<EmailKinds>().All.Single(known => known.Name == kind).Examples[0], "en", null)!;
            var total = email.Lines[^1];

            Assert.True(total is { IsTotal: true } && total.Value.StartsWith('$'), kind);
            Assert.Matches($"(?m)^-{{56}}\n{total.Name} \\.{{3,}} {Regex.Escape(total.Value)}$", EmailRenderer.Text(email));
        }
    }

    [Fact]
    public async Task The_frame_may_do_nothing_and_only_this_site_may_show_it()
    {
        var admin = await app.AdminAsync();

        var answer = await admin.GetAsync("/admin/mails/previews/payment_receipt/0/fr/html");
        Assert.Equal("default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType!.ToString());

        var page = await admin.GetAsync("/admin/mails/previews/payment_receipt");
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("frame-src 'self' ", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("frame-src 'self'", Assert.Single((await admin.GetAsync("/admin/mails/previews")).Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/admin/mails/previews/nothing")]
    [InlineData("/admin/mails/previews/payment_receipt/99/en/html")]
    [InlineData("/admin/mails/previews/payment_receipt/-1/en/html")]
    [InlineData("/admin/mails/previews/payment_receipt/0/de/html")]
    [InlineData("/admin/mails/previews/nothing/0/en/html")]
    public async Task What_there_is_not_is_not_found(string path) => Assert.Equal(HttpStatusCode.NotFound, (await (await app.AdminAsync()).GetAsync(path)).StatusCode);

    [Theory]
    [InlineData("/admin/mails/previews")]
    [InlineData("/admin/mails/previews/welcome")]
    [InlineData("/admin/mails/previews/welcome/0/en/html")]
    public async Task Nobody_else_sees_them(string path) =>
        Assert.Equal(HttpStatusCode.NotFound, (await app.SignedInAs(await app.GivenUserAsync()).GetAsync(path)).StatusCode);

    // Each is issued anew, with the time in it.
    private static string WithoutTokens(string text) => Token().Replace(text, "token=");

    [GeneratedRegex("INTO mails[^;]*", RegexOptions.None, 1000)]
    private static partial Regex Inserts();

    [GeneratedRegex(@"'([a-z][a-z_]*)'(?: AS kind)?,\s*(?:jsonb_build_object|jsonb_strip_nulls|'\{\}')", RegexOptions.None, 1000)]
    private static partial Regex Queued();

    [GeneratedRegex(@"CASE(?:(?!\bEND\b)[\s\S])*END AS kind", RegexOptions.None, 1000)]
    private static partial Regex Chosen();

    [GeneratedRegex(@"(?:THEN|ELSE) '([a-z_]+)'", RegexOptions.None, 1000)]
    private static partial Regex Word();

    [GeneratedRegex(@"write_admin_mails\([^;]*?, '([a-z_]+)',\s*jsonb", RegexOptions.None, 1000)]
    private static partial Regex ToAdministrators();

    [GeneratedRegex("token=[A-Za-z0-9_.-]+", RegexOptions.None, 1000)]
    private static partial Regex Token();
}
