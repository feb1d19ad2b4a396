using Aurion.Web.Ai.Chat;

namespace Aurion.Web.Pages.Chat;

/// <summary>The chat's sibling that writes programs.</summary>
public sealed class CodeModel(ChatRooms rooms, Chats chats) : RoomModel(rooms, chats, ChatTool.Code);
