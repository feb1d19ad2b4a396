namespace Aurion.Web.Credits;

/// <summary>Names the words of this feature: CreditsText.fr.resx has the French, the key is the English.</summary>
public sealed class CreditsText;
