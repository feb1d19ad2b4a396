using Aurion.Web.Infrastructure;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Shared;

/// <summary><c>&lt;cost credits="50" /&gt;</c>, or <c>per-month="true"</c>: the golden badge with its coin.</summary>
[HtmlTargetElement("cost", TagStructure = TagStructure.WithoutEndTag)]
public sealed class CostTagHelper(IStringLocalizer<SharedText> words) : TagHelper
{
    public int Credits { get; set; }

    public bool PerMonth { get; set; }

    /// <summary>The badge around a text; in a long list this is quicker than the tag.</summary>
    public static IHtmlContent Badge(string text) =>
        new HtmlFormattableString("""<span class="cost"><span class="coin" aria-hidden="true"></span>{0}</span>""", text);

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = null;
        output.Content.SetHtmlContent(Badge(PerMonth ? words["{0} / month", words.Credits(Credits)] : words.Credits(Credits)));
    }
}
