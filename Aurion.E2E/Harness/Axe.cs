using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Aurion.E2E.Harness;

/// <summary>
/// Runs axe-core in a page and in the tool inside it. By hand and not through RunAxe, which is ten times slower and whose
/// look at style sheets shows up as requests of the page.
/// </summary>
internal static class Axe
{
    private static readonly string Source = new BundledAxeScriptProvider().GetScript() + ";undefined";

    // These five are not in the standard, and yet without them a person with a screen reader loses the way.
    private const string Run = """
        async () => {
            const whole = window === top ? ['heading-order', 'region', 'landmark-one-main', 'landmark-unique', 'page-has-heading-one'] : [];
            const options = {
                iframes: false, preload: false, elementRef: false, resultTypes: ['violations'],
                runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
                rules: Object.fromEntries(whole.map(id => [id, { enabled: true }])),
            };
            const { violations } = await axe.run(document, options);
            return violations.flatMap(({ id, nodes }) => nodes.map(node => `${id} at ${node.target}: ${node.html.slice(0, 200)}\n    ${node.failureSummary.replace(/\s+/g, ' ')}`));
        }
        """;

    public static async Task<IReadOnlyList<string>> FindViolationsAsync(IPage page)
    {
        List<string> found = [];
        foreach (var frame in page.Frames.Where(frame => !frame.IsDetached && frame.Url != "about:blank" && !IsMail(frame)))
        {
            if (!await frame.EvaluateAsync<bool>("() => 'axe' in window"))
                await frame.EvaluateAsync(Source);
            found.AddRange((await frame.EvaluateAsync<string[]>(Run)).Select(violation => $"{frame.Url}: {violation}"));
        }
        return found;
    }

    // The mailbox shows a mail in a frame where no script runs, and axe is one.
    private static bool IsMail(IFrame frame) => frame.ParentFrame is not null && frame.Url.EndsWith("/html", StringComparison.Ordinal);
}
