using Microsoft.AspNetCore.Html;

namespace Aurion.Web.Pages.Shared;

/// <summary>The drawn signs, on a grid of 24; a tool's sign has the tool's slug as its name.</summary>
public static class Icons
{
    private static readonly Dictionary<string, string> Paths = new(StringComparer.Ordinal)
    {
        ["home"] = """<path d="M3 11l9-8 9 8v9a1 1 0 0 1-1 1h-5v-6H9v6H4a1 1 0 0 1-1-1z"/>""",
        ["tools"] = """<path d="M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z"/>""",
        ["usage"] = """<path d="M4 20V10M10 20V4M16 20v-7M22 20H2"/>""",
        ["billing"] = """<rect x="3" y="5" width="18" height="14" rx="2"/><path d="M3 10h18"/>""",
        ["key"] = """<circle cx="8" cy="15" r="4"/><path d="M11 12l9-9M17 6l3 3"/>""",
        ["account"] = """<circle cx="12" cy="8" r="4"/><path d="M4 21c1-5 15-5 16 0"/>""",
        ["admin"] = """<path d="M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6z"/>""",
        ["star"] = """<path d="M12 4l2.5 5.2 5.5.8-4 4 1 5.6-5-2.7-5 2.7 1-5.6-4-4 5.500-.8z"/>""",
        ["search"] = """<circle cx="11" cy="11" r="7"/><path d="M16 16l5 5"/>""",
        ["close"] = """<path d="M6 6l12 12M18 6L6 18"/>""",
        ["check"] = """<path d="M5 13l4 4L19 7"/>""",
        ["info"] = """<circle cx="12" cy="12" r="9"/><path d="M12 11v5M12 8v.01"/>""",
        ["warning"] = """<path d="M12 4l9 16H3zM12 10v4M12 17v.01"/>""",
        ["clock"] = """<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3 2"/>""",
        ["arrow"] = """<path d="M5 12h14M13 6l6 6-6 6"/>""",
        ["left"] = """<path d="M15 6l-6 6 6 6"/>""",
        ["right"] = """<path d="M9 6l6 6-6 6"/>""",
        ["plus"] = """<path d="M12 5v14M5 12h14"/>""",
        ["more"] = """<path d="M5 12h.01M12 12h.01M19 12h.01" stroke-width="3"/>""",
        ["work"] = """<path d="M4 8h16v12H4zM9 8V5h6v3M4 13h16"/>""",
        ["undo"] = """<path d="M8 5L4 9l4 4M4 9h10a6 6 0 0 1 0 12h-3"/>""",
        ["redo"] = """<path d="M16 5l4 4-4 4M20 9H10a6 6 0 0 0 0 12h3"/>""",
        ["link"] = """<path d="M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1"/>""",
        ["bullets"] = """<path d="M9 6h11M9 12h11M9 18h11M4.500 6h.01M4.500 12h.01M4.500 18h.01"/>""",
        ["numbers"] = """<path d="M10 6h10M10 12h10M10 18h10M4 4l1-.500V9M4 14h2l-2 4h2"/>""",
        ["quote"] = """<path d="M5 7h5v5a4 4 0 0 1-4 5M14 7h5v5a4 4 0 0 1-4 5"/>""",
        ["list"] = """<path d="M4 6h16M4 12h16M4 18h10"/>""",
        ["copy"] = """<rect x="8" y="8" width="12" height="12" rx="2"/><path d="M16 8V5a1 1 0 0 0-1-1H5a1 1 0 0 0-1 1v10a1 1 0 0 0 1 1h3"/>""",
        ["again"] = """<path d="M20 12a8 8 0 1 1-2.500-5.800M20 3v4h-4"/>""",
        ["pause"] = """<path d="M8 5v14M16 5v14"/>""",
        ["stop"] = """<rect x="6" y="6" width="12" height="12" rx="2"/>""",
        ["attach"] = """<path d="M19 11l-7.500 7.500a4.500 4.500 0 0 1-6.400-6.400L12.500 4.700a3 3 0 0 1 4.300 4.300l-7.300 7.300a1.500 1.500 0 0 1-2.200-2.200L14 7.500"/>""",
        ["share"] = """<circle cx="6" cy="12" r="2.500"/><circle cx="17" cy="6" r="2.500"/><circle cx="17" cy="18" r="2.500"/><path d="M8.300 10.800l6.400-3.600M8.300 13.200l6.400 3.600"/>""",
        ["download"] = """<path d="M12 4v11M7 11l5 5 5-5M4 20h16"/>""",
        ["vary"] = """<path d="M4 7h4l8 10h4M4 17h4l2-2.500M14 9.500L16 7h4M18 4l3 3-3 3M18 14l3 3-3 3"/>""",
        ["pin"] = """<path d="M9 3h6l-1 6 4 4H6l4-4zM12 13v8"/>""",
        ["delete"] = """<path d="M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13"/>""",
        ["external"] = """<path d="M14 4h6v6M20 4l-9 9M18 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5"/>""",
        ["mail"] = """<rect x="3" y="5" width="18" height="14" rx="2"/><path d="M3 7l9 6 9-6"/>""",
        ["app-builder"] = """<rect x="4" y="3" width="16" height="18" rx="3"/><path d="M9 17h6"/>""",
        ["website-builder"] = """<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18"/>""",
        ["ai-agents"] = """<rect x="4" y="8" width="16" height="12" rx="3"/><path d="M12 8V4M9 13v2M15 13v2"/>""",
        ["content-generator"] = """<path d="M4 20l4-1L20 7l-3-3L5 16z"/>""",
        ["code-editor"] = """<path d="M8 7l-5 5 5 5M16 7l5 5-5 5"/>""",
        ["text-editor"] = """<path d="M4 6h16M4 12h10M4 18h13"/>""",
        ["ai-chat"] = """<path d="M4 5h16v11H9l-5 4z"/>""",
        ["code-generation"] = """<rect x="3" y="4" width="18" height="16" rx="2"/><path d="M7 9l3 3-3 3M13 15h4"/>""",
        ["image-generation"] = """<rect x="3" y="4" width="18" height="16" rx="2"/><path d="M3 16l5-5 5 5 3-3 5 5"/>""",
        ["video-generation"] = """<rect x="3" y="5" width="13" height="14" rx="2"/><path d="M16 10l5-3v10l-5-3z"/>""",
    };

    private static readonly Dictionary<string, HtmlString> Drawn = Paths.ToDictionary(
        sign => sign.Key,
        sign => new HtmlString($"""<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{sign.Value}</svg>"""),
        StringComparer.Ordinal);

    public static IEnumerable<string> Names => Paths.Keys;

    /// <summary>The name of the house, as the way home.</summary>
    public static IHtmlContent Logo(string home) => new HtmlFormattableString("""
        <a class="logo" href="{0}">
            <svg viewBox="0 0 32 32" aria-hidden="true"><circle class="disc" cx="16" cy="16" r="15" /><path class="arc" d="M7 21a9.5 9.5 0 0 1 18 0" /><circle class="sun" cx="16" cy="20" r="3.2" /></svg>Aurion
        </a>
        """, home);

    /// <summary>Decoration only, so a word always stands beside it.</summary>
    public static IHtmlContent Of(string name) => Drawn.GetValueOrDefault(name) ?? Drawn["tools"];
}
