namespace Aurion.Web.Account;

/// <summary>Names the words of accounts; the French ones are in AccountText.fr.resx beside it.</summary>
public sealed class AccountText;
