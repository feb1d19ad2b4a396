using Aurion.Web.Ai.Chat;

namespace Aurion.Web.Pages.Chat;

/// <summary>The chat.</summary>
public sealed class IndexModel(ChatRooms rooms, Chats chats) : RoomModel(rooms, chats, ChatTool.Chat);
