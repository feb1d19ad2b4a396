using System.Text.Json.Serialization;

namespace Aurion.Sandbox.Freepik;

/// <summary>What both ways of asking for a picture have in common.</summary>
internal sealed record ImageRequest(
    string? Prompt,
    [property: JsonPropertyName("num_images")] int? NumImages,
    [property: JsonPropertyName("guidance_scale")] double? GuidanceScale,
    int? Seed,
    ImageSize? Image,
    [property: JsonPropertyName("aspect_ratio")] string? AspectRatio,
    [property: JsonPropertyName("webhook_url")] string? WebhookUrl)
{
    public static (int Width, int Height) Pixels(string size) => size switch
    {
        "widescreen_16_9" => (1024, 576),
        "classic_4_3" => (1024, 768),
        "traditional_3_4" => (768, 1024),
        "social_story_9_16" => (576, 1024),
        "portrait_2_3" => (683, 1024),
        "standard_3_2" => (1024, 683),
        _ => (1024, 1024),
    };
}

internal sealed record ImageSize(string? Size);
