namespace Aurion.Web.Billing.Mails;

/// <summary>Marks the words of the mails about payments and contracts.</summary>
public sealed class MailText;
