using System.Text.Json.Serialization;

namespace Aurion.Sandbox.Freepik;

/// <summary>What both ways of asking for a picture have in common.</summary>
internal sealed record ImageRequest(
    string? Prompt,
    [property: JsonPropertyName("num_images")] int? NumImages,
    [property: JsonPropertyName("guidance_scale")] double? GuidanceScale,
    long? Seed,
    ImageSize? Image,
    string? Resolution,
    [property: JsonPropertyName("aspect_ratio")] string? AspectRatio,
    [property: JsonPropertyName("webhook_url")] string? WebhookUrl)
{
    /// <summary>The first number that is no seed any more; 1 is none either.</summary>
    public const long SeedEnd = 4294967295;

    public static readonly IReadOnlySet<string> Resolutions = new HashSet<string>(StringComparer.Ordinal) { "1k", "2k", "4k" };

    public static readonly IReadOnlySet<string> Ratios = new HashSet<string>(StringComparer.Ordinal)
    {
        "square_1_1", "classic_4_3", "traditional_3_4", "widescreen_16_9", "social_story_9_16", "standard_3_2", "portrait_2_3",
        "smartphone_horizontal_20_9", "smartphone_vertical_9_20", "film_horizontal_21_9", "film_vertical_9_21", "horizontal_2_1", "vertical_1_2",
        "social_5_4", "social_post_4_5",
    };

    /// <summary>For what a resolution asks for; 1k when there is none.</summary>
    public (int Width, int Height) Pixels()
    {
        var (width, height) = Pixels(AspectRatio ?? "square_1_1");
        var times = Resolution switch { "2k" => 2, "4k" => 4, _ => 1 };
        return (width * times, height * times);
    }

    public static (int Width, int Height) Pixels(string size) => size switch
    {
        "widescreen_16_9" => (1024, 576),
        "classic_4_3" => (1024, 768),
        "traditional_3_4" => (768, 1024),
        "social_story_9_16" => (576, 1024),
        "portrait_2_3" => (683, 1024),
        "standard_3_2" => (1024, 683),
        "smartphone_horizontal_20_9" or "film_horizontal_21_9" => (1024, 448),
        "smartphone_vertical_9_20" or "film_vertical_9_21" => (448, 1024),
        "horizontal_2_1" => (1024, 512),
        "vertical_1_2" => (512, 1024),
        "social_5_4" => (1024, 819),
        "social_post_4_5" => (819, 1024),
        _ => (1024, 1024),
    };
}

internal sealed record ImageSize(string? Size);
