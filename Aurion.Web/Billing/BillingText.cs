namespace Aurion.Web.Billing;

/// <summary>Marks the words of the billing pages.</summary>
public sealed class BillingText;
