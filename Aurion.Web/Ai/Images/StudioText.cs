namespace Aurion.Web.Ai.Images;

/// <summary>Names the words of the image studio: StudioText.fr.resx has the French, the key is the English.</summary>
public sealed class StudioText;
