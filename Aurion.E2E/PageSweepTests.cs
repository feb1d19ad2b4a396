using Aurion.E2E.Harness;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace Aurion.E2E;

/// <summary>Every page, in both languages, both themes and both widths, against what must hold on every page.</summary>
[Collection(PagesCollection.Name)]
public sealed class PageSweepTests(AurionSite site, ITestOutputHelper output) : BrowserTest(site, output)
{
    private static readonly string[] Public =
    [
        "/", "/?period=year", "/pricing", "/pricing?period=year", "/tools", "/tools?q=image", "/tools?q=nothing-like-it", "/tools/app-builder", "/tools/video-generation",
        "/account/sign-in", "/account/sign-in/passkey", "/account/sign-up", "/account/forgotten", "/account/forgotten?sent=true", "/account/deleted", "/billing/cancel/request", "/billing/cancel/request?sent=true", "/legal/notice", "/legal/privacy", "/legal/terms", "/help", "/developers", "/_components",
    ];

    private static readonly string[] SignedIn =
    [
        "/dashboard", "/tools", "/tools?show=favourites", "/tools?show=within-reach&sort=cost", "/tools/app-builder", "/tools/video-generation",
        "/chat", "/chat?q=nothing-like-it", "/chat/prompts", "/chat/prompts?q=nothing-like-it", "/chat/prompts/edit", "/chat/prompts/edit?from=reply", "/chat/prompts/reply/use", "/code", "/images", "/credits", "/credits/1", "/billing", "/billing/checkout?plan=starter&interval=month", "/billing/checkout?plan=pro&interval=year", "/billing/packs", "/billing/top-up", "/pricing", "/billing/cancel", "/billing/change?plan=pro&interval=month", "/account", "/account/preferences", "/account/password", "/account/delete", "/account/email", "/account/email?sent=true", "/account/second-step", "/account/second-step/off", "/account/passkeys", "/account/passkeys/add", "/account/export", "/account/sign-out", "/work", "/work?q=nothing-like-it", "/help",
    ];

    [Theory, InlineData("en"), InlineData("fr")]
    public async Task Public_pages_are_in_order(string language) => await SweepAsync(await VisitAsync(new(language)), Public);

    [Theory, InlineData("en"), InlineData("fr")]
    public async Task Pages_of_an_account_in_the_middle_of_its_period_are_in_order(string language)
    {
        var visitor = await VisitAsync(new(language));
        await visitor.SignInAsync(Site.State.Demo("plus"));
        await SweepAsync(visitor, SignedIn);
    }

    [Theory, InlineData("en"), InlineData("fr")]
    public async Task The_page_that_stops_emails_is_in_order_with_its_link_and_without(string language)
    {
        var visitor = await VisitAsync(new(language));
        var link = (await MailsAsync(Site.State.Demo("empty").Email)).SelectMany(mail => mail.Links).First(found => found.Contains("/account/unsubscribe?", StringComparison.Ordinal));
        visitor.Expect(410);
        await SweepAsync(visitor, [new Uri(link).PathAndQuery, "/account/unsubscribe"]);
    }

    [Fact]
    public async Task Pages_of_an_administrator_are_in_order()
    {
        var visitor = await VisitAsync(Look.French);
        await visitor.SignInAsync(Site.State.Demo("admin"));
        var (account, received) = (await FirstAsync("/admin/users?q=plus"), await FirstAsync("/admin/events"));
        await SweepAsync(visitor, ["/dashboard", "/admin/users", account, account + "/adjust", account + "/disable", "/admin/events", "/admin/events/replay", received, "/admin/margin", "/admin/switches", "/admin/mails", "/admin/mails/previews", "/admin/mails/previews/payment_receipt", "/admin/mails/previews/week_in_credits"]);
        // The library's own page: nothing is said in the console, the rest is not ours.
        await visitor.Page.GotoAsync("/hangfire");
        await visitor.Page.Locator("#historyGraph").WaitForAsync();

        async Task<string> FirstAsync(string list)
        {
            await visitor.OpenAsync(list);
            return (await visitor.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Table).GetByRole(AriaRole.Link).First.GetAttributeAsync("href"))!;
        }
    }

    [Theory, InlineData("empty"), InlineData("past-due"), InlineData("newcomer")]
    public async Task Pages_of_every_kind_of_account_are_in_order(string who)
    {
        var visitor = await VisitAsync(Look.French);
        await visitor.SignInAsync(Site.State.Demo(who));
        await SweepAsync(visitor, ["/dashboard", "/tools", "/tools/app-builder", "/chat", "/code", "/images", "/credits", "/billing", "/billing/cancel", "/pricing"]);
    }

    [Fact]
    public async Task Pages_of_the_sandbox_are_in_order()
    {
        var visitor = await VisitAsync();
        var email = await visitor.SignUpAsync();
        await visitor.OpenAsync("/pricing");
        await visitor.Button("Choose Starter").ClickAsync();
        await visitor.ReachStripeAsync();
        var card = visitor.Page.Url;
        await visitor.PayAsync(CardPage.Accepted);
        await visitor.SeesWelcomeAsync("Starter");
        await visitor.OpenAsync("/billing");
        var pdf = await visitor.Link("Invoice ").First.GetAttributeAsync("href");
        await visitor.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Change the card" }).First.ClickAsync();
        var state = Site.State;
        await visitor.ReachStripeAsync();
        var portal = visitor.Page.Url;
        await visitor.Page.GotoAsync(state.Stripe);
        var detail = await visitor.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "evt_" }).First.GetAttributeAsync("href");
        await GetsMailAsync(email, "Your payment of");
        await visitor.Page.GotoAsync(state.Mail);
        var mail = await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Your payment of" }).First.GetAttributeAsync("href");
        string[] tools = ["app-builder", "website-builder", "ai-agents", "code-editor", "content-generator", "text-editor"];
        visitor.Expect(410);
        await SweepAsync(visitor,
        [
            card, portal, pdf!.Replace("/pdf", "", StringComparison.Ordinal), state.Stripe, state.Stripe + "/control", state.Stripe + detail,
            state.Mail, state.Mail + mail, state.Clerk + "/sign-in", state.Clerk + "/sign-up", .. tools.Select(tool => $"{state.Tools}/tools/{tool}"),
        ]);
    }

    // A page is opened once and looked at four times; all its faults are told together.
    private static async Task SweepAsync(Visitor visitor, string[] paths)
    {
        List<string> faults = [];
        foreach (var path in paths)
        {
            await visitor.Page.GotoAsync(path);
            var canvas = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (theme, width) in new[] { (ColorScheme.Light, 1280), (ColorScheme.Dark, 1280), (ColorScheme.Dark, 390), (ColorScheme.Light, 390) })
            {
                await visitor.Page.EmulateMediaAsync(new() { ColorScheme = theme });
                await visitor.Page.SetViewportSizeAsync(width, 844);
                canvas.Add(await visitor.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
                faults.AddRange((await visitor.FindFaultsAsync()).Select(fault => $"{theme} {width}: {fault}"));
            }
            if (canvas.Count != 2)
                faults.Add($"{path}: the theme does not follow the device");
        }
        PageChecks.AssertNone(faults);
    }
}
