using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Aurion.E2E.Harness;

/// <summary>A tab of somebody's browser. Every page that is opened or arrived at is checked on the way.</summary>
public sealed class Visitor
{
    /// <summary>Of everybody who signs up here.</summary>
    public const string Password = "lanterne-violette-82";

    private const int Patience = 60_000;

    private static int people;

    private readonly AurionSite site;
    private readonly Look look;
    private readonly PageWatch watch;

    private Visitor(AurionSite site, Look look, IPage page)
    {
        this.site = site;
        this.look = look;
        Page = page;
        watch = new PageWatch(page, site.State.Origins);
    }

    public IPage Page { get; }

    public IReadOnlyCollection<string> Faults => watch.Faults;

    /// <summary>Opens a browser that has never been here.</summary>
    public static async Task<Visitor> ArriveAsync(AurionSite site, Look look)
    {
        var context = await site.Browser.NewContextAsync(new()
        {
            BaseURL = site.State.Web,
            Locale = look.Language == "fr" ? "fr-FR" : "en-GB",
            ColorScheme = look.Dark ? ColorScheme.Dark : ColorScheme.Light,
            ViewportSize = new() { Width = look.Width, Height = 844 },
            JavaScriptEnabled = look.JavaScript,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(Patience);
        return new Visitor(site, look, await context.NewPageAsync());
    }

    /// <summary>Another tab of the same browser.</summary>
    public async Task<Visitor> OpenTabAsync(string path)
    {
        var tab = new Visitor(site, look, await Page.Context.NewPageAsync());
        await tab.OpenAsync(path);
        return tab;
    }

    /// <summary>The words that this person reads, for an English sentence.</summary>
    public string Say(string english) => look.Language == "fr" ? Words.French(english) : english;

    /// <summary>Lets a refusal pass that the test is about.</summary>
    public void Expect(int status) => watch.Expect(status);

    /// <summary>Lets attempts to reach another origin pass; whether one succeeds is for the test to see.</summary>
    public void ExpectAttempts(string origin) => watch.ExpectAttempts(origin);

    /// <summary>Lets lines of the console pass that begin like this.</summary>
    public void Overlook(string line) => watch.Overlook(line);

    public async Task OpenAsync(string path)
    {
        await Page.GotoAsync(path);
        await CheckAsync();
    }

    /// <summary>Waits until the address is <paramref name="path"/>, whatever its query.</summary>
    public async Task ArriveAsync(string path)
    {
        await ReachAsync(path);
        await CheckAsync();
    }

    /// <summary>The same without the checks, for a page that moves on by itself.</summary>
    public Task ReachAsync(string path) => ReachAsync(site.State.Web + path, "([?#].*)?$");

    /// <summary>Waits until a page of the payment provider is there.</summary>
    public Task ReachStripeAsync(string path = "/") => ReachAsync(site.State.Stripe + path, "");

    // Page.WaitForURLAsync looks once and then listens: it never hears of an arrival in between. An expectation asks again.
    private async Task ReachAsync(string address, string rest)
    {
        var wanted = new Regex("^" + Regex.Escape(address) + rest, RegexOptions.None, TimeSpan.FromSeconds(1));
        await Assertions.Expect(Page).ToHaveURLAsync(wanted, new() { Timeout = Patience });
        await Assertions.Expect(Page.Locator("html")).ToHaveJSPropertyAsync("ownerDocument.readyState", "complete", new() { Timeout = Patience });
    }

    public async Task CheckAsync() => PageChecks.AssertNone(await FindFaultsAsync());

    public Task<IReadOnlyList<string>> FindFaultsAsync() => PageChecks.RunAsync(Page, look.Language, look.JavaScript);

    /// <summary>The frame that holds a launched tool.</summary>
    public ILocator Frame => Page.Locator("iframe");

    /// <summary>Inside the launched tool.</summary>
    public IFrameLocator Tool => Page.FrameLocator("iframe");

    public ILocator LaunchButton => Page.GetByRole(AriaRole.Button, new() { Name = "Launch Tool" });

    public ILocator Exhausted => Page.GetByRole(AriaRole.Alertdialog, new() { Name = "Credits Exhausted" });

    public ILocator Button(string english) => Page.GetByRole(AriaRole.Button, new() { Name = Say(english) });

    public ILocator Link(string english) => Page.GetByRole(AriaRole.Link, new() { Name = Say(english) });

    public ILocator Field(string english) => Page.GetByLabel(Say(english));

    /// <summary>Walks with the Tab key until the wanted place has the focus, and sees that it shows.</summary>
    public async Task TabToAsync(ILocator wanted)
    {
        for (var presses = 0; presses < 80; presses++)
        {
            await Page.Keyboard.PressAsync("Tab");
            if (!await wanted.EvaluateAsync<bool>("e => e === document.activeElement"))
                continue;
            Assert.True(await wanted.EvaluateAsync<bool>("e => getComputedStyle(e).outlineStyle !== 'none' || getComputedStyle(e).boxShadow !== 'none'"),
                $"{Page.Url}: the focus does not show on {wanted}");
            return;
        }
        Assert.Fail($"{Page.Url}: the Tab key never reaches {wanted}");
    }

    /// <summary>After a part of the page was replaced, the focus is somewhere a person can go on from.</summary>
    public async Task KeepsFocusAsync()
    {
        for (var tries = 0; tries < 40; tries++)
        {
            if (await Page.EvaluateAsync<bool>("() => ![null, document.body, document.documentElement].includes(document.activeElement)"))
                return;
            await Task.Delay(50);
        }
        Assert.Fail($"{Page.Url}: the focus is lost");
    }

    /// <summary>Presses the button unless the page has disabled it meanwhile.</summary>
    public static async Task PressIfEnabledAsync(ILocator button)
    {
        try
        {
            await button.ClickAsync(new() { Timeout = 1_000 });
        }
        catch (TimeoutException)
        {
            Assert.True(await button.IsDisabledAsync());
        }
    }

    /// <summary>The one number, in the pill of every page, within the documented five seconds.</summary>
    public async Task SeesBalanceAsync(int credits) =>
        await Assertions.Expect(Page.Locator("a.pill [data-balance]")).ToHaveTextAsync(Number(credits), new() { Timeout = 5_000 });

    /// <summary>Opens a tool's page and launches it; the tool is in the page afterwards.</summary>
    public async Task LaunchAsync(string tool)
    {
        await OpenAsync("/tools/" + tool);
        await LaunchButton.ClickAsync();
        await Assertions.Expect(Frame).ToBeVisibleAsync();
        await Assertions.Expect(Tool.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await CheckAsync();
    }

    /// <summary>Pays for another session, which stands in the menu of the one that runs.</summary>
    public async Task LaunchAgainAsync()
    {
        // The launch before is answered: its answer closes the menu.
        await Assertions.Expect(Page.Locator("#launch [data-disabled-by-htmx]")).ToHaveCountAsync(0);
        if (!await Button("Launch again").IsVisibleAsync())
            await SessionMenu.ClickAsync();
        await Button("Launch again").ClickAsync();
    }

    public ILocator SessionMenu => Page.Locator(".session summary");

    /// <summary>Creates an account through the form and arrives at the dashboard.</summary>
    public async Task<string> SignUpAsync(string? email = null)
    {
        email ??= NewAddress();
        await OpenAsync("/account/sign-up");
        await FillAccountAsync(email, Password);
        await Button("Create my account").ClickAsync();
        await ArriveAsync("/dashboard");
        return email;
    }

    public async Task FillAccountAsync(string email, string password)
    {
        await Field("E-mail").FillAsync(email);
        await Field("Password").FillAsync(password);
    }

    /// <summary>Signs in, and chooses this person's language where the account has another.</summary>
    public async Task SignInAsync(DemoAccount account)
    {
        await OpenAsync("/account/sign-in");
        await FillAccountAsync(account.Email, account.Password);
        await Button("Sign in").ClickAsync();
        await ReachAsync("/dashboard");
        if (await Page.Locator("html").GetAttributeAsync("lang") != look.Language)
            await Page.GetByRole(AriaRole.Button, new() { Name = look.Language == "fr" ? "Français" : "English" }).ClickAsync();
        await Assertions.Expect(Page.Locator("html")).ToHaveAttributeAsync("lang", look.Language);
        await CheckAsync();
    }

    public static string NewAddress() => string.Create(CultureInfo.InvariantCulture, $"person{Interlocked.Increment(ref people)}@e2e.example");

    /// <summary>A number as this person reads it.</summary>
    public string Number(int value) => look.Language == "fr"
        ? value.ToString("#,0", new NumberFormatInfo { NumberGroupSeparator = "\u202F" })
        : value.ToString("#,0", CultureInfo.InvariantCulture);
}
