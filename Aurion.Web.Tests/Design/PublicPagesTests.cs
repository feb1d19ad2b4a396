using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Aurion.Web.Pages;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Hosting.Internal;

namespace Aurion.Web.Tests.Design;

public sealed class PublicPagesTests(AurionApp app) : IClassFixture<AurionApp>
{
    public static readonly TheoryData<string> Addresses = ["/", "/pricing", "/pricing?period=year", "/legal/terms", "/legal/privacy", "/legal/notice", "/help", "/tools", "/account/sign-in", "/_components"];

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task Nothing_in_a_page_needs_an_unsafe_policy_or_another_host(string address)
    {
        var page = await app.Anonymous().GetPageAsync(address);

        Assert.DoesNotContain(page.All, element => element.HasAttribute("style") || element.LocalName == "style");
        Assert.DoesNotContain(page.All, element => element.Attributes.Any(a => a.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase)));
        Assert.DoesNotContain(page.Scripts, script => string.IsNullOrEmpty(script.Source));
        Assert.DoesNotContain(page.QuerySelectorAll("[src], link[href]:not([rel=canonical], [rel=alternate])"), loaded => (loaded.GetAttribute("src") ?? loaded.GetAttribute("href"))!.Contains("//", StringComparison.Ordinal));
        Assert.Single(page.QuerySelectorAll("h1"));
        Assert.NotEmpty(page.QuerySelectorAll("main#main"));
    }

    // What the files of a page weigh when they are published, its fonts included and its headers not: 48.8 and 45.0 kB at most.
    [Theory]
    [InlineData("/", 50_000)]
    [InlineData("/pricing", 46_000)]
    [InlineData("/tools", 46_000)]
    [InlineData("/account/sign-in", 46_000)]
    [InlineData("/account/sign-up", 46_000)]
    public async Task The_first_visit_is_light(string address, int limit)
    {
        foreach (var language in new[] { "en", "fr" })
        {
            var reader = app.Anonymous();
            reader.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
            var page = await reader.GetPageAsync(address);
            var files = page.QuerySelectorAll("script[src], link[rel=stylesheet], link[rel=preload], link[rel=icon][type]")
                .Select(file => file.GetAttribute("src") ?? file.GetAttribute("href")!).ToList();
            if (page.QuerySelector(".receipt") is not null)
                files.Add(Font("jetbrains-"));

            Assert.Single(page.Scripts);
            Assert.Single(page.QuerySelectorAll("link[rel=stylesheet]"));
            var sizes = await Task.WhenAll(files.Append(address).Select(file => SizeAsync(reader, file)));
            Assert.InRange(sizes.Sum(), 20_000, limit);
        }
    }

    [Fact]
    public async Task What_a_visitor_does_not_use_comes_with_the_sign_in()
    {
        var visitor = await app.Anonymous().GetPageAsync("/tools");
        var member = await app.SignedInAs(await app.GivenUserAsync()).GetPageAsync("/tools");

        Assert.Equal(["page"], Names(visitor.Scripts.Select(script => script.Source!)));
        Assert.Equal(["app"], Names([visitor.Scripts.Single().GetAttribute("data-htmx")!]));
        Assert.Equal(["app"], Names(visitor.QuerySelectorAll("link[rel=stylesheet]").Select(link => link.GetAttribute("href")!)));
        Assert.Equal(["page", "app"], Names(member.Scripts.Select(script => script.Source!)));
        Assert.Null(member.Scripts[0].GetAttribute("data-htmx"));
        Assert.Equal(["app", "signed-in"], Names(member.QuerySelectorAll("link[rel=stylesheet]").Select(link => link.GetAttribute("href")!)));

        static IEnumerable<string> Names(IEnumerable<string> files) => files.Select(file => Path.GetFileName(file).Split('.')[0]);
    }

    [Theory]
    [MemberData(nameof(Addresses))]
    [InlineData("/?period=year")]
    [InlineData("/tools?q=nothing-like-it")]
    [InlineData("/tools/app-builder")]
    [InlineData("/tools/video-generation")]
    [InlineData("/developers")]
    [InlineData("/no-such-page")]
    [InlineData("/account/sign-in/passkey")]
    [InlineData("/account/sign-up")]
    [InlineData("/account/forgotten")]
    [InlineData("/account/forgotten?sent=true")]
    [InlineData("/account/deleted")]
    [InlineData("/account/unsubscribe")]
    [InlineData("/billing/cancel/request")]
    [InlineData("/billing/cancel/request?sent=true")]
    public async Task Every_class_of_a_page_is_styled_by_the_stylesheets_that_it_loads(string address) =>
        Assert.Equal([], await app.Anonymous().ListMissingStylesAsync(await (await app.Anonymous().GetAsync(address)).ReadHtmlAsync()));

    // A word in a letter of the second file would load that file on every visit.
    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    public async Task The_words_of_a_page_need_the_first_file_of_each_font_alone(string language)
    {
        var reader = app.Anonymous();
        reader.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        var page = await reader.GetPageAsync("/");
        var style = await reader.Http.GetStringAsync(new Uri(page.QuerySelector("link[rel=stylesheet]")!.GetAttribute("href")!, UriKind.Relative));
        var (words, figures) = (Letters("inter-more-"), Letters("jetbrains-more-"));

        Assert.Contains('→', words);
        Assert.Contains('a', figures);
        foreach (var address in new[] { "/", "/pricing", "/tools", "/help", "/account/sign-in", "/account/sign-up" })
            Assert.Equal([], (await reader.GetPageAsync(address)).Body!.TextContent.Where(words.Contains).Distinct());
        Assert.Equal([], page.QuerySelectorAll(".receipt dd").SelectMany(figure => figure.TextContent).Where(figures.Contains).Distinct());

        HashSet<char> Letters(string font)
        {
            var range = Regex.Match(style, $@"{font}[^}}]*unicode-range:([^;}}]+)", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups[1].Value;
            return [.. range.Split(',').Select(part => part.Trim()[2..].Split('-')).SelectMany(ends => Enumerable.Range(Code(ends[0]), Code(ends[^1]) - Code(ends[0]) + 1)).Select(code => (char)code)];
        }

        static int Code(string hex) => int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task The_fonts_that_are_preloaded_are_those_of_the_stylesheet()
    {
        var page = await app.Anonymous().GetPageAsync("/");
        var style = await app.Anonymous().Http.GetStringAsync(new Uri(page.QuerySelector("link[rel=stylesheet]")!.GetAttribute("href")!, UriKind.Relative));

        var fonts = page.QuerySelectorAll("link[rel=preload]").Select(link => link.GetAttribute("href")!).ToList();

        Assert.Equal(2, fonts.Count);
        foreach (var font in fonts)
        {
            Assert.Contains($"url({font})", style, StringComparison.Ordinal);
            var answer = await app.Anonymous().GetAsync(font);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/pricing", "monthly_price_cents")]
    [InlineData("/pricing?period=year", "annual_price_cents")]
    public async Task Prices_and_credits_are_those_of_the_plans_table(string address, string column)
    {
        await app.ExecuteAsync("UPDATE plans SET monthly_price_cents = 1234, annual_price_cents = 12345 WHERE plan_type = 'pro'");
        // What visitors are shown is at most a second old.
        await Task.Delay(TimeSpan.FromSeconds(1));
        var plans = await app.QueryAsync<(int Cents, int Credits)>($"SELECT {column}, credits_monthly FROM plans ORDER BY sort");

        var page = await app.Anonymous().GetPageAsync(address);

        Assert.Equal(
            plans.Select(plan => "$" + (plan.Cents / 100m).ToString(plan.Cents % 100 == 0 ? "N0" : "N2", CultureInfo.InvariantCulture)),
            page.QuerySelectorAll(".price").Select(price => price.TextContent));
        Assert.Equal(
            plans.Select(plan => $"{plan.Credits.ToString("N0", CultureInfo.InvariantCulture)} credits / month"),
            page.QuerySelectorAll(".plan-price .cost").Select(cost => cost.TextContent));
    }

    [Fact]
    public async Task The_receipt_on_the_landing_page_adds_up()
    {
        var page = await app.Anonymous().GetPageAsync("/");

        var lines = page.QuerySelectorAll(".receipt dd").Select(line => int.Parse(
            line.TextContent.Trim().Replace('\u2212', '-'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)).ToList();

        Assert.Equal(6, lines.Count);
        Assert.Equal(lines[^1], lines[..^1].Sum());
    }

    [Fact]
    public async Task An_address_without_a_page_says_so_and_charges_nothing()
    {
        var response = await app.Anonymous().GetAsync("/no-such-page");

        var page = await response.ReadHtmlAsync();
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("There is nothing at this address", page.QuerySelector("h1")!.TextContent);
        Assert.Contains("/no-such-page", page.QuerySelector(".receipt")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("You were not charged.", page.Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void The_living_page_of_components_exists_in_Development_only() =>
        Assert.IsType<NotFoundResult>(new ComponentsModel(new HostingEnvironment { EnvironmentName = "Production" }, TimeProvider.System).OnGet(frame: null));

    // Publishing packs a file as well as brotli can; a font is packed already. A page is packed for each answer.
    private static async Task<long> SizeAsync(TestClient reader, string address)
    {
        if (address.EndsWith(".woff2", StringComparison.Ordinal))
            return (await reader.Http.GetByteArrayAsync(new Uri(address, UriKind.Relative))).Length;

        var bytes = await reader.Http.GetByteArrayAsync(new Uri(address, UriKind.Relative));
        using var packed = new MemoryStream();
        await using (var brotli = new BrotliStream(packed, Path.HasExtension(address) ? CompressionLevel.SmallestSize : CompressionLevel.Fastest, leaveOpen: true))
            await brotli.WriteAsync(bytes);
        return packed.Length;
    }

    private static string Font(string start) =>
        "/fonts/" + Path.GetFileName(Directory.EnumerateFiles(Path.Combine(Repository.Root, "Aurion.Web", "wwwroot", "fonts"), start + "*").Single(file => !file.Contains("-more-", StringComparison.Ordinal)));
}
