namespace Aurion.Web.Tools;

/// <summary>The embedded tools whose pages are Aurion's own. Each of them asks models.</summary>
public static class OwnTools
{
    public static readonly IReadOnlyList<string> Ids = ["app-builder", "website-builder", "ai-agents", "content-generator", "code-editor", "text-editor"];
}
