namespace Aurion.Web.Billing.Purchases;

/// <summary>Marks the words of the pages about packs and automatic top-ups.</summary>
public sealed class PackText;
