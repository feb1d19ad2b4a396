namespace Aurion.Web.Infrastructure;

/// <summary>Light, dark, or as the device says. Decided by the server, so that a dark page never flashes light.</summary>
public static class Theme
{
    public const string CookieName = "theme";
    public const string Auto = "auto";

    public static readonly IReadOnlyList<string> All = [Auto, "light", "dark"];

    public static string ChosenTheme(this HttpRequest request) =>
        request.Cookies[CookieName] is { } theme && All.Contains(theme) ? theme : Auto;
}
