namespace Aurion.Web.Admin;

/// <summary>Names the words of the administrators' pages; the French ones are in AdminText.fr.resx beside it.</summary>
public sealed class AdminText;
