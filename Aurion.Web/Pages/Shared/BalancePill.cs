using Aurion.Web.Credits;
using Aurion.Web.Infrastructure;
using Microsoft.AspNetCore.Html;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Shared;

/// <summary>What is left, on top of each page; it follows the balance.</summary>
public static class BalancePill
{
    public static IHtmlContent Of(Shell? shell, IStringLocalizer<SharedText> words) => shell is null ? HtmlString.Empty : new HtmlFormattableString("""
        <a class="pill" href="/credits" data-balance-state data-state="{0}">
            <span class="coin" aria-hidden="true"></span><span class="num" data-balance="available" data-value="{1}">{2}</span><span class="sr">{3}</span>
        </a>
        """, shell.State, shell.Available, shell.Available.Grouped(), words["credits remaining"].Value);
}
