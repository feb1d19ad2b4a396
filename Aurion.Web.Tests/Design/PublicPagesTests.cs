using System.Globalization;
using System.IO.Compression;
using System.Net;
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

    [Fact]
    public async Task The_first_visit_is_light()
    {
        var page = await app.Anonymous().GetPageAsync("/");
        var script = await GzippedAsync(page.Scripts.Single().Source!);
        var style = await GzippedAsync(page.QuerySelector<IHtmlLinkElement>("link[rel=stylesheet]")!.GetAttribute("href")!);

        Assert.InRange(script, 1, 25_000);
        Assert.InRange(await GzippedAsync("/") + script + style, 1, 60_000);
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

    private async Task<long> GzippedAsync(string address)
    {
        var bytes = await app.Anonymous().Http.GetByteArrayAsync(new Uri(address, UriKind.Relative));
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            await gzip.WriteAsync(bytes);
        return packed.Length;
    }
}
