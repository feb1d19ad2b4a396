using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;

namespace Aurion.Sandbox.OpenRouter;

/// <summary>Pictures in the content of messages, as https://openrouter.ai/docs/guides/overview/multimodal/images has them.</summary>
internal static class PictureParts
{
    private const int TokensEach = 1000;

    private static readonly Dictionary<string, byte[]> Beginnings = new(StringComparer.Ordinal)
    {
        ["data:image/jpeg;base64,"] = [0xFF, 0xD8, 0xFF],
        ["data:image/png;base64,"] = [0x89, 0x50, 0x4E, 0x47],
        ["data:image/webp;base64,"] = "RIFF"u8.ToArray(),
        ["data:image/gif;base64,"] = "GIF8"u8.ToArray(),
    };

    public static int Tokens(JsonArray messages) => In(messages).Count() * TokensEach;

    /// <summary>What is wrong with them: a model that sees none, or an address that holds no picture.</summary>
    public static ApiError? Refuse(JsonArray messages, Model model)
    {
        foreach (var part in In(messages))
        {
            if (!model.SeesPictures)
                return new ApiError(404, "No endpoints found that support image input", "not_found");
            if (part["image_url"] is not JsonObject picture || (string?)picture["url"] is not { } url)
                return new ApiError(400, "image_url: an object with a url is required", "invalid_request");
            if (!url.StartsWith("https://", StringComparison.Ordinal) && !IsPicture(url))
                return new ApiError(400, "image_url: the data is no picture of the type that it names", "invalid_request");
        }
        return null;
    }

    private static bool IsPicture(string url)
    {
        var kind = Beginnings.FirstOrDefault(each => url.StartsWith(each.Key, StringComparison.Ordinal));
        if (kind.Key is null)
            return false;
        var content = Encoding.ASCII.GetBytes(url[kind.Key.Length..]);
        return Base64.IsValid(content) && Convert.FromBase64String(url[kind.Key.Length..]).AsSpan().StartsWith(kind.Value);
    }

    private static IEnumerable<JsonObject> In(JsonArray messages) =>
        messages.SelectMany(message => message?["content"] as JsonArray ?? []).OfType<JsonObject>().Where(part => (string?)part["type"] == "image_url");
}
