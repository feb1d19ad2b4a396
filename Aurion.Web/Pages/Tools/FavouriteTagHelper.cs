using System.Text.Encodings.Web;
using Aurion.Web.Pages.Shared;
using Aurion.Web.Tools;
using Microsoft.AspNetCore.Mvc.TagHelpers;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Pages.Tools;

/// <summary>The star of a card: a button of the page's one form "favourites", so that thirty cards carry one token.</summary>
[HtmlTargetElement("favourite", TagStructure = TagStructure.WithoutEndTag)]
public sealed class FavouriteTagHelper(IStringLocalizer<ToolsText> text) : TagHelper
{
    public string Tool { get; set; } = "";

    public string Name { get; set; } = "";

    public bool Kept { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "button";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.AddClass("fav", HtmlEncoder.Default);
        output.Attributes.SetAttribute("id", $"favourite-{Tool}");
        output.Attributes.SetAttribute("form", "favourites");
        output.Attributes.SetAttribute("formaction", $"/tools/{Tool}/favourite");
        output.Attributes.SetAttribute("name", "keep");
        output.Attributes.SetAttribute("value", Kept ? "false" : "true");
        output.Attributes.SetAttribute("hx-post", $"/tools/{Tool}/favourite");
        output.Attributes.SetAttribute("hx-swap", "outerHTML");
        output.Attributes.SetAttribute("aria-pressed", Kept ? "true" : "false");
        output.Attributes.SetAttribute("aria-label", text["Favourite: {0}", Name].Value);
        output.Content.SetHtmlContent($"""<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{Icons.Path("star")}</svg>""");
    }
}
