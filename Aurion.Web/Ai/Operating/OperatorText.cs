namespace Aurion.Web.Ai.Operating;

/// <summary>Names the words of the e-mails to administrators; OperatorText.fr.resx has the French, the key is the English.</summary>
public sealed class OperatorText;
