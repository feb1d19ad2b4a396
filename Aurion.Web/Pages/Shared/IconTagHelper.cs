using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Aurion.Web.Pages.Shared;

/// <summary><c>&lt;icon name="tools" /&gt;</c>; in a long list <see cref="Icons.Of"/> is quicker.</summary>
[HtmlTargetElement("icon", TagStructure = TagStructure.WithoutEndTag)]
public sealed class IconTagHelper : TagHelper
{
    public string Name { get; set; } = "";

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = null;
        output.Content.SetHtmlContent(Icons.Of(Name));
    }
}
