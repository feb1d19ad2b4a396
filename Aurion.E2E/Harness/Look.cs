namespace Aurion.E2E.Harness;

/// <summary>Who looks: language, theme and width of the window.</summary>
public sealed record Look(string Language = "en", bool Dark = false, int Width = 1280, bool JavaScript = true)
{
    public static Look French { get; } = new("fr");

    public static Look In(string language) => new(language);
}
