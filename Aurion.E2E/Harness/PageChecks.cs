using Microsoft.Playwright;

namespace Aurion.E2E.Harness;

/// <summary>What must hold on every page, whatever it is about.</summary>
internal static class PageChecks
{
    private const int Phone = 390;

    // Of the product's own pages, which are known by what they tell htmx.
    private const string FormsWithoutToken = """
        () => document.querySelector('meta[name=htmx-config]') === null ? [] : [...document.querySelectorAll('form')]
            .filter(form => form.method === 'post' && !form.querySelector('input[name=__RequestVerificationToken]'))
            .map(form => form.outerHTML.slice(0, 120))
        """;

    public static async Task<IReadOnlyList<string>> RunAsync(IPage page, string language, bool script)
    {
        List<string> faults = [];
        var shown = await page.Locator("html").GetAttributeAsync("lang");
        if (shown != language)
            faults.Add($"{page.Url}: <html lang> is \"{shown}\", the person reads \"{language}\"");
        if (string.IsNullOrWhiteSpace(await page.TitleAsync()))
            faults.Add($"{page.Url}: no title");
        foreach (var form in await page.EvaluateAsync<string[]>(FormsWithoutToken))
            faults.Add($"{page.Url}: a form without its antiforgery token: {form}");
        if (await WidestOnAPhoneAsync(page) is { } wide)
            faults.Add($"{page.Url}: wider than a phone of {Phone} px: {wide}");
        // axe waits for timers, and a page without script has none.
        if (script)
            faults.AddRange(await Axe.FindViolationsAsync(page));
        return faults;
    }

    public static void AssertNone(IEnumerable<string> faults)
    {
        var list = faults.Distinct().ToList();
        Assert.True(list.Count == 0, string.Join(Environment.NewLine, list));
    }

    /// <summary>The elements that make a phone scroll sideways, or null when nothing does.</summary>
    private static async Task<string?> WidestOnAPhoneAsync(IPage page)
    {
        var size = page.ViewportSize!;
        if (size.Width != Phone)
            await page.SetViewportSizeAsync(Phone, size.Height);
        var wide = await page.EvaluateAsync<string?>("""
            () => {
                const width = document.documentElement.clientWidth;
                if (document.documentElement.scrollWidth <= width) return null;
                const clipped = e => { for (let p = e.parentElement; p && p !== document.documentElement; p = p.parentElement)
                    if (getComputedStyle(p).overflowX !== 'visible') return true; return false; };
                return [...document.body.querySelectorAll('*')]
                    .filter(e => e.getBoundingClientRect().right > width + 1 && !clipped(e))
                    .slice(-3).map(e => `${e.outerHTML.slice(0, 120)} ends at ${Math.round(e.getBoundingClientRect().right)}`).join(' | ')
                    || `the page is ${document.documentElement.scrollWidth} px wide`;
            }
            """);
        if (size.Width != Phone)
            await page.SetViewportSizeAsync(size.Width, size.Height);
        return wide;
    }
}
