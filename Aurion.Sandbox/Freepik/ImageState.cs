using System.Text.Json.Serialization;

namespace Aurion.Sandbox.Freepik;

/// <summary>A task as it is read, and as a webhook tells of it.</summary>
internal sealed record ImageState(
    [property: JsonPropertyName("task_id")] Guid TaskId,
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("generated")] IReadOnlyList<string> Generated,
    [property: JsonPropertyName("has_nsfw")] IReadOnlyList<bool> HasNsfw);
