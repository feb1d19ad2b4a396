namespace Aurion.Web.Infrastructure;

/// <summary>Names the words that several features use; the French ones are in SharedText.fr.resx beside it.</summary>
public sealed class SharedText;
