using System.Collections.Concurrent;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Aurion.E2E.Harness;

/// <summary>
/// Runs axe-core in a page and in the tool inside it, once for each shape of a page. By hand and not through RunAxe, which is ten times slower and whose
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

    // What axe judges by: elements, attributes and states with the width, the theme and the scrolling they are drawn in, but for texts, figures and ids of rows.
    private const string Shape = """
        async () => {
            const attribute = ({ name, value }) => ['value', 'content', 'nonce', 'datetime'].includes(name) && value ? name : `${name}=${value.replace(/[\da-f-]{12,}|\d+/gi, '#')}`;
            const states = [':checked', ':focus', ':disabled', ':user-invalid', ':placeholder-shown', ':popover-open'];
            const shape = node => node.nodeType === Node.TEXT_NODE ? (node.data.trim() ? 'text' : '')
                : node.nodeType !== Node.ELEMENT_NODE ? '' : `<${node.tagName} ${[...node.attributes].map(attribute).sort().join(' ')} ${states.filter(state => node.matches(state))} ${node.scrollTop} ${node.scrollLeft}>${[...node.childNodes].map(shape).join('')}</>`;
            const whole = `${innerWidth} ${scrollX} ${scrollY} ${matchMedia('(prefers-color-scheme: dark)').matches} ${window === top} ${shape(document.documentElement)}`;
            const digest = await crypto.subtle?.digest('SHA-256', new TextEncoder().encode(whole));
            return digest ? [...new Uint8Array(digest)].map(byte => byte.toString(16)).join('-') : whole;
        }
        """;

    private static readonly ConcurrentDictionary<string, bool> WithoutViolations = new();

    public static async Task<IReadOnlyList<string>> FindViolationsAsync(IPage page)
    {
        List<string> found = [];
        foreach (var frame in page.Frames.Where(frame => !frame.IsDetached && frame.Url != "about:blank" && !IsMail(frame)))
        {
            var shape = await frame.EvaluateAsync<string>(Shape);
            if (WithoutViolations.ContainsKey(shape))
                continue;
            if (!await frame.EvaluateAsync<bool>("() => 'axe' in window"))
                await frame.EvaluateAsync(Source);
            var violations = await frame.EvaluateAsync<string[]>(Run);
            if (violations.Length == 0)
                WithoutViolations[shape] = true;
            found.AddRange(violations.Select(violation => $"{frame.Url}: {violation}"));
        }
        return found;
    }

    // The mailbox shows a mail in a frame where no script runs, and axe is one.
    private static bool IsMail(IFrame frame) => frame.ParentFrame is not null && frame.Url.EndsWith("/html", StringComparison.Ordinal);
}
