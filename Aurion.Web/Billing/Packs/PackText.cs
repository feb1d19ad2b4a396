namespace Aurion.Web.Billing.Packs;

/// <summary>Marks the words of the pages about packs and automatic top-ups.</summary>
public sealed class PackText;
