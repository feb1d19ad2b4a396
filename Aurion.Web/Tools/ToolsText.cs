namespace Aurion.Web.Tools;

/// <summary>Names the words of this feature: ToolsText.fr.resx has the French, the key is the English.</summary>
public sealed class ToolsText;
