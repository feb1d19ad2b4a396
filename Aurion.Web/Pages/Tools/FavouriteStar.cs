using Aurion.Web.Pages.Shared;
using Aurion.Web.Tools;
using Microsoft.AspNetCore.Html;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Tools;

/// <summary>The star of a card: a button of the page's one form "favourites", so that thirty cards carry one token.</summary>
public static class FavouriteStar
{
    public static IHtmlContent Star(this IStringLocalizer<ToolsText> text, string tool, string name, bool kept) => new HtmlFormattableString("""
        <button class="fav" id="favourite-{0}" form="favourites" formaction="/tools/{0}/favourite" name="keep" value="{1}" hx-post="/tools/{0}/favourite" hx-swap="outerHTML" aria-pressed="{2}" aria-label="{3}">{4}</button>
        """, tool, kept ? "false" : "true", kept ? "true" : "false", text["Favourite: {0}", name].Value, Icons.Of("star"));
}
