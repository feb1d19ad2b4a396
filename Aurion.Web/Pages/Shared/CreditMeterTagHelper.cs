using System.Globalization;
using System.Text.Encodings.Web;
using Aurion.Web.Infrastructure;
using Microsoft.AspNetCore.Mvc.TagHelpers;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Shared;

/// <summary>
/// <c>&lt;credit-meter left="1840" of="5000" live="true" /&gt;</c>; live follows the balance, state ("out", "low") colours it. The number itself stands beside it.
/// </summary>
[HtmlTargetElement("credit-meter", TagStructure = TagStructure.WithoutEndTag)]
public sealed class CreditMeterTagHelper(IStringLocalizer<SharedText> words) : TagHelper
{
    public int Left { get; set; }

    public int Of { get; set; }

    public string? State { get; set; }

    public bool Live { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "meter";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.AddClass("meter", HtmlEncoder.Default);
        output.Attributes.SetAttribute("min", "0");
        output.Attributes.SetAttribute("max", Math.Max(Of, 1).ToString(CultureInfo.InvariantCulture));
        output.Attributes.SetAttribute("value", Left.ToString(CultureInfo.InvariantCulture));
        if (!string.IsNullOrEmpty(State))
            output.Attributes.SetAttribute("data-state", State);
        if (Live)
            output.Attributes.SetAttribute(new TagHelperAttribute("data-balance-meter"));
        if (!output.Attributes.ContainsName("aria-label"))
            output.Attributes.SetAttribute("aria-label", words["Credits left"].Value);
        output.Content.SetContent(words["{0} of {1}", Left.Grouped(), Of.Grouped()]);
    }
}
