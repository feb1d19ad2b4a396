using System.ComponentModel.DataAnnotations;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.TagHelpers;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Aurion.Web.Pages.Shared;

/// <summary>
/// <c>&lt;field for="Input.Email" type="email" autocomplete="email" hint="…" /&gt;</c>: label, input, hint and error, tied together.
/// Other attributes go to the input. What was typed stays after a refusal, a password never does.
/// </summary>
[HtmlTargetElement("field", Attributes = "for", TagStructure = TagStructure.WithoutEndTag)]
public sealed class FieldTagHelper(IHtmlGenerator html) : TagHelper
{
    public required ModelExpression For { get; set; }

    public string Type { get; set; } = "text";

    public string? Label { get; set; }

    public string? Hint { get; set; }

    [ViewContext, HtmlAttributeNotBound]
    public required ViewContext ViewContext { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var name = ViewContext.ViewData.TemplateInfo.GetFullHtmlFieldName(For.Name);
        var id = TagBuilder.CreateSanitizedId(name, html.IdAttributeDotReplacement);
        var error = ViewContext.ModelState.GetFieldValidationState(name) == ModelValidationState.Invalid
            ? ViewContext.ModelState[name]?.Errors.FirstOrDefault()?.ErrorMessage
            : null;

        var attributes = output.Attributes.ToDictionary(a => a.Name, a => (object?)a.Value, StringComparer.Ordinal);
        output.Attributes.Clear();
        attributes["type"] = Type;
        attributes["class"] = null;
        if (For.Metadata.ValidatorMetadata.OfType<RequiredAttribute>().Any())
            attributes.TryAdd("required", "required");
        if (error is not null)
        {
            attributes["aria-invalid"] = "true";
            // The first field to mend has the focus, without any script.
            if (ViewContext.HttpContext.Items.TryAdd(typeof(FieldTagHelper), name))
                attributes["autofocus"] = "autofocus";
        }
        var described = string.Join(' ', new[] { error is null ? null : $"{id}-error", Hint is null ? null : $"{id}-hint" }.OfType<string>());
        if (described.Length > 0)
            attributes["aria-describedby"] = described;
        foreach (var empty in attributes.Where(a => a.Value is null).Select(a => a.Key).ToList())
            attributes.Remove(empty);

        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.AddClass("field", HtmlEncoder.Default);
        output.Content.AppendHtml(html.GenerateLabel(ViewContext, For.ModelExplorer, For.Name, Label, null));
        output.Content.AppendHtml(Type == "password"
            ? html.GeneratePassword(ViewContext, For.ModelExplorer, For.Name, null, attributes)
            : html.GenerateTextBox(ViewContext, For.ModelExplorer, For.Name, For.Model, null, attributes));
        AppendNote(output, "hint", id, Hint);
        AppendNote(output, "error", id, error);
    }

    private static void AppendNote(TagHelperOutput output, string kind, string id, string? text)
    {
        if (text is null)
            return;
        var note = new TagBuilder("p");
        note.AddCssClass(kind);
        note.Attributes["id"] = $"{id}-{kind}";
        note.InnerHtml.Append(text);
        output.Content.AppendHtml(note);
    }
}
