namespace Aurion.Web.Ai.Chat;

/// <summary>Names the words of the chat: ChatText.fr.resx has the French, the key is the English.</summary>
public sealed class ChatText;
