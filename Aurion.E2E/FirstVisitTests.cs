using System.Globalization;
using Aurion.E2E.Harness;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Aurion.E2E;

/// <summary>What a browser that was never here receives, headers and files, until the page is quiet.</summary>
[Collection(PagesCollection.Name)]
public sealed class FirstVisitTests(AurionSite site, ITestOutputHelper output) : BrowserTest(site, output)
{
    // As a build sends it, with gzip: 56.4 kB at most. Published, with brotli, it is 1 kB less.
    private const long Limit = 57_500;

    [Theory]
    [InlineData("en", "/")]
    [InlineData("fr", "/")]
    [InlineData("fr", "/pricing")]
    [InlineData("fr", "/tools")]
    [InlineData("fr", "/account/sign-in")]
    public async Task A_first_visit_is_light(string language, string path)
    {
        var visitor = await VisitAsync(new(language));
        var received = await ReceiveAsync(visitor, path);

        Assert.InRange(received.Values.Sum(), 20_000, Limit);
        Assert.DoesNotContain(received.Keys, file => file.StartsWith("/js/app", StringComparison.Ordinal) || file.StartsWith("/css/signed-in", StringComparison.Ordinal) || file.Contains("-more-", StringComparison.Ordinal));
        Assert.Equal(path == "/", received.Keys.Any(file => file.StartsWith("/fonts/jetbrains", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_catalogue_answers_a_visitor_who_types_before_its_script_is_here()
    {
        var visitor = await VisitAsync();
        var mayCome = new TaskCompletionSource();
        await visitor.Page.RouteAsync("**/js/app*.js", async route =>
        {
            await mayCome.Task;
            await route.ContinueAsync();
        });
        await visitor.OpenAsync("/tools");
        await visitor.Page.EvaluateAsync("window.isTheSamePage = true");
        var editor = visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Text Editor" });
        await visitor.Page.GetByRole(AriaRole.Searchbox).FillAsync("image");
        await Expect(editor).ToBeVisibleAsync();

        mayCome.SetResult();

        await Expect(editor).ToHaveCountAsync(0);
        await visitor.Page.GetByRole(AriaRole.Searchbox).FillAsync("text");
        await Expect(editor).ToBeVisibleAsync();
        Assert.True(await visitor.Page.EvaluateAsync<bool>("window.isTheSamePage"));
        await visitor.CheckAsync();
    }

    private async Task<Dictionary<string, long>> ReceiveAsync(Visitor visitor, string path)
    {
        var network = await visitor.Page.Context.NewCDPSessionAsync(visitor.Page);
        var (asked, received) = (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, long>(StringComparer.Ordinal));
        network.Event("Network.requestWillBeSent").OnEvent += (_, sent) => asked[sent!.Value.GetProperty("requestId").GetString()!] = sent.Value.GetProperty("request").GetProperty("url").GetString()!;
        network.Event("Network.loadingFinished").OnEvent += (_, ended) =>
        {
            if (asked.TryGetValue(ended!.Value.GetProperty("requestId").GetString()!, out var address) && address.StartsWith("http", StringComparison.Ordinal))
                received[new Uri(address).AbsolutePath] = (long)ended.Value.GetProperty("encodedDataLength").GetDouble();
        };
        await network.SendAsync("Network.enable");
        await visitor.Page.GotoAsync(path, new() { WaitUntil = WaitUntilState.NetworkIdle });
        foreach (var (file, bytes) in received.OrderByDescending(pair => pair.Value))
            Say(string.Create(CultureInfo.InvariantCulture, $"{bytes,7} {file}"));
        return received;
    }
}
