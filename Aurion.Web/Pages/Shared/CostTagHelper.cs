using System.Text.Encodings.Web;
using Aurion.Web.Infrastructure;
using Microsoft.AspNetCore.Mvc.TagHelpers;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Shared;

/// <summary><c>&lt;cost credits="50" /&gt;</c>, or <c>per-month="true"</c>: the golden badge with its coin.</summary>
[HtmlTargetElement("cost", TagStructure = TagStructure.WithoutEndTag)]
public sealed class CostTagHelper(IStringLocalizer<SharedText> words) : TagHelper
{
    public int Credits { get; set; }

    public bool PerMonth { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.AddClass("cost", HtmlEncoder.Default);
        output.Content.AppendHtml("""<span class="coin" aria-hidden="true"></span>""");
        output.Content.Append(PerMonth ? words["{0} / month", words.Credits(Credits)] : words.Credits(Credits));
    }
}
