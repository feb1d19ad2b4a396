using Aurion.Web.Infrastructure;
using Microsoft.AspNetCore.Html;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Shared;

/// <summary>A plan's state as a coloured tag.</summary>
public static class PlanStatus
{
    public static IHtmlContent Tag(IStringLocalizer<SharedText> words, string status)
    {
        var (tone, word) = status switch
        {
            "active" => (" ok", words["active"]),
            "past_due" => (" danger", words["payment failed"]),
            "cancelled" or "canceled" => (" warn", words["cancelled"]),
            _ => ("", words[status]),
        };
        return new HtmlFormattableString("""<span class="tag{0}">{1}</span>""", tone, word.Value);
    }
}
