using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Aurion.Web.Infrastructure.Pages;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Design;

/// <summary>What search engines and other sites are told of the pages, and what they are not.</summary>
public sealed class DiscoveryTests(AurionApp app) : IClassFixture<AurionApp>
{
    private const string Origin = "http://127.0.0.1:5080";

    [Theory]
    [InlineData("/")]
    [InlineData("/pricing")]
    [InlineData("/help")]
    [InlineData("/legal/terms")]
    [InlineData("/tools/app-builder")]
    [InlineData("/account/sign-in")]
    [InlineData("/account/sign-up")]
    public async Task Each_address_of_a_page_answers_in_the_language_it_claims(string path)
    {
        var page = await app.Anonymous().GetPageAsync(path);
        var address = Origin + path;
        var alternates = page.QuerySelectorAll<IHtmlLinkElement>("link[rel=alternate]").ToDictionary(link => link.GetAttribute("hreflang")!, link => link.GetAttribute("href")!);

        Assert.Equal(address, Canonical(page));
        Assert.Equal(new Dictionary<string, string> { ["en"] = address + "?lang=en", ["fr"] = address + "?lang=fr", ["x-default"] = address }, alternates);
        foreach (var (language, other) in new[] { ("en", "fr"), ("fr", "en") })
        {
            var reader = Reader(other);
            var found = await reader.GetPageAsync(alternates[language][Origin.Length..]);
            Assert.Equal(language, found.DocumentElement.GetAttribute("lang"));
            Assert.Equal(alternates[language], Canonical(found));
            Assert.Equal(language == "fr" ? "fr_FR" : "en_US", Property(found, "og:locale"));
            Assert.Equal(other, (await reader.GetPageAsync(path)).DocumentElement.GetAttribute("lang"));
        }
    }

    [Theory]
    [InlineData("/pricing?period=year", "/pricing")]
    [InlineData("/TOOLS", "/tools")]
    [InlineData("/tools?q=chat", "/tools")]
    [InlineData("/pricing?lang=de", "/pricing")]
    [InlineData("/account/sign-in?returnUrl=%2Fbilling", "/account/sign-in")]
    public async Task Every_spelling_of_a_page_leads_to_its_one_address(string address, string path) =>
        Assert.Equal(Origin + path, Canonical(await app.Anonymous().GetPageAsync(address)));

    [Fact]
    public async Task Addresses_come_from_the_setting_and_not_from_the_request()
    {
        var browser = app.Anonymous();

        foreach (var address in new[] { "/", "/pricing", "/sitemap.xml", "/robots.txt" })
        {
            var text = await browser.Http.GetStringAsync(new Uri(address, UriKind.Relative));
            Assert.Contains(Origin, text, StringComparison.Ordinal);
            Assert.DoesNotContain(browser.Http.BaseAddress!.Authority, text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("en", "What a credit is, what is charged and what is given back, how to cancel, and where to write.")]
    [InlineData("fr", "Ce qu’est un crédit, ce qui est prélevé et ce qui est rendu, comment résilier, et où écrire.")]
    public async Task A_shared_link_has_words_and_a_picture_of_this_site(string language, string description)
    {
        var page = await Reader(language).GetPageAsync("/help");
        var picture = Property(page, "og:image")!;

        Assert.Equal(description, page.QuerySelector("meta[name=description]")!.GetAttribute("content"));
        Assert.Equal(description, Property(page, "og:description"));
        Assert.Equal($"{Property(page, "og:title")} · Aurion", page.Title);
        Assert.StartsWith(Origin + "/og.", picture, StringComparison.Ordinal);
        var answer = await app.Anonymous().GetAsync(picture[Origin.Length..]);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal((HttpStatusCode.OK, "image/png"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.InRange(bytes.Length, 1, 60_000);
        Assert.Equal((Property(page, "og:image:width"), Property(page, "og:image:height")), Size(bytes));
    }

    [Fact]
    public async Task The_sitemap_lists_exactly_the_pages_that_may_be_found()
    {
        var answer = await app.Anonymous().GetAsync("/sitemap.xml");
        Assert.Equal("application/xml", answer.Content.Headers.ContentType?.MediaType);
        var listed = XDocument.Parse(await answer.Content.ReadAsStringAsync()).Descendants(XName.Get("loc", "http://www.sitemaps.org/schemas/sitemap/0.9")).Select(loc => loc.Value).ToHashSet(StringComparer.Ordinal);

        var tools = await app.QueryAsync<string>("SELECT '/tools/' || tool_id FROM tools");
        HashSet<string> open = [];
        foreach (var path in Endpoints().Where(page => page.Metadata.GetMetadata<PageActionDescriptor>() is not null).Select(PathOf).Where(path => !path.Contains('{', StringComparison.Ordinal)).Concat(tools).Distinct(StringComparer.Ordinal))
        {
            var response = await app.Anonymous().GetAsync(path);
            if (response.StatusCode == HttpStatusCode.OK && response.Content.Headers.ContentType?.MediaType == "text/html" && (await response.ReadHtmlAsync()).QuerySelector("meta[name=robots][content=noindex]") is null)
                open.Add(Origin + path);
        }

        Assert.Equal(open.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        Assert.Contains(Origin + "/tools/app-builder", listed);
        foreach (var address in listed)
            Assert.Equal(address, Canonical(await app.Anonymous().GetPageAsync(address[Origin.Length..])));
    }

    [Fact]
    public async Task Robots_stay_out_of_whatever_belongs_to_an_account()
    {
        var lines = (await app.Anonymous().Http.GetStringAsync(new Uri("/robots.txt", UriKind.Relative))).Split('\n');
        var closed = Named("Disallow: ");

        var open = Endpoints().Where(endpoint => endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null).Select(PathOf)
            .Where(path => !closed.Any(start => path.StartsWith(start, StringComparison.Ordinal) || (start.StartsWith("/tools/*", StringComparison.Ordinal) && path.EndsWith(start["/tools/*".Length..], StringComparison.Ordinal))));

        Assert.Equal([], open.Distinct(StringComparer.Ordinal));
        Assert.Equal(["/account/sign-in", "/account/sign-up"], PublicPages.Paths.Where(path => closed.Any(start => path.StartsWith(start, StringComparison.Ordinal))));
        Assert.Equal(["/account/sign-in", "/account/sign-up"], Named("Allow: "));
        Assert.Contains($"Sitemap: {Origin}/sitemap.xml", lines);

        List<string> Named(string rule) => [.. lines.Where(line => line.StartsWith(rule, StringComparison.Ordinal)).Select(line => line[rule.Length..])];
    }

    [Theory]
    [InlineData("/account/forgotten")]
    [InlineData("/account/sign-in/passkey")]
    [InlineData("/no-such-page")]
    public async Task A_page_that_nobody_looks_for_is_not_offered(string address)
    {
        var page = await (await app.Anonymous().GetAsync(address)).ReadHtmlAsync();

        Assert.NotNull(page.QuerySelector("meta[name=robots][content=noindex]"));
        Assert.Null(page.QuerySelector("link[rel=canonical], link[rel=alternate], meta[property]"));
    }

    [Fact]
    public async Task The_manifest_names_icons_of_their_size_and_a_start()
    {
        var page = await app.Anonymous().GetPageAsync("/");
        var answer = await app.Anonymous().GetAsync(page.QuerySelector("link[rel=manifest]")!.GetAttribute("href")!);
        Assert.Equal((HttpStatusCode.OK, "application/manifest+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Contains("manifest-src 'self'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        var manifest = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;

        Assert.Equal("Aurion", manifest.GetProperty("name").GetString());
        Assert.Equal(page.QuerySelector("meta[name=theme-color][media*=light]")!.GetAttribute("content"), manifest.GetProperty("theme_color").GetString());
        Assert.Equal(HttpStatusCode.OK, (await app.SignedInAs(await app.GivenUserAsync()).GetAsync(manifest.GetProperty("start_url").GetString()!)).StatusCode);
        foreach (var icon in manifest.GetProperty("icons").EnumerateArray())
        {
            var image = await app.Anonymous().GetAsync(icon.GetProperty("src").GetString()!);
            Assert.Equal((HttpStatusCode.OK, icon.GetProperty("type").GetString()), (image.StatusCode, image.Content.Headers.ContentType?.MediaType));
            if (icon.GetProperty("sizes").GetString() is { } size and not "any")
                Assert.Equal(size, Size(await image.Content.ReadAsByteArrayAsync()) is var (width, height) ? $"{width}x{height}" : null);
        }
    }

    [Theory]
    [InlineData("auto", 2)]
    [InlineData("light", 1)]
    [InlineData("dark", 1)]
    public async Task The_frame_of_the_browser_has_the_colour_of_the_theme(string theme, int colours)
    {
        var browser = app.Anonymous();
        browser.Jar["theme"] = theme;

        var page = await browser.GetPageAsync("/pricing?period=year");

        Assert.Equal(theme, page.DocumentElement.GetAttribute("data-theme"));
        Assert.Equal(colours, page.QuerySelectorAll("meta[name=theme-color]").Length);
    }

    [Fact]
    public async Task Who_chooses_a_language_on_an_address_that_names_another_gets_it()
    {
        var browser = app.Anonymous();

        var answer = await browser.PostFormAsync("/preferences/language", new { lang = "en", returnUrl = "/pricing?lang=fr&period=year" }, from: "/");

        Assert.Equal("/pricing?period=year", answer.Headers.Location!.OriginalString);
    }

    private IEnumerable<RouteEndpoint> Endpoints() =>
        app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private static string PathOf(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.TrimStart('/');

    private static string? Canonical(IHtmlDocument page) => page.QuerySelector("link[rel=canonical]")?.GetAttribute("href");

    private static string? Property(IHtmlDocument page, string name) => page.QuerySelector($"meta[property='{name}']")?.GetAttribute("content");

    // Width and height stand at a fixed place of each PNG (https://www.w3.org/TR/png-3/#11IHDR).
    private static (string? Width, string? Height) Size(byte[] png) => ($"{(png[18] << 8) + png[19]}", $"{(png[22] << 8) + png[23]}");

    private TestClient Reader(string language)
    {
        var reader = app.Anonymous();
        reader.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        return reader;
    }
}
