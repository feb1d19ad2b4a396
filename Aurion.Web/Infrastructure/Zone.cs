namespace Aurion.Web.Infrastructure;

/// <summary>The time zone in which times are written: that of the person who asks or who gets the e-mail, else UTC. It follows the request, as the culture does.</summary>
public static class Zone
{
    public const string CookieName = "zone";

    private static readonly AsyncLocal<TimeZoneInfo?> Chosen = new();

    public static TimeZoneInfo Current => Chosen.Value ?? TimeZoneInfo.Utc;

    /// <summary>Europe/Paris, as it stands beside a time.</summary>
    public static string Name => Current.Id;

    /// <summary>The IANA names that are offered. Names without a place, and old ones of countries, are not.</summary>
    public static IReadOnlyList<string> Offered { get; } =
    [
        "UTC", .. TimeZoneInfo.GetSystemTimeZones().Where(zone => zone.HasIanaId && IsPlace(zone.Id)).Select(zone => zone.Id).Order(StringComparer.Ordinal),
    ];

    /// <summary>The zone of this IANA name, or null.</summary>
    public static TimeZoneInfo? Find(string? name) =>
        name is { Length: > 0 and <= 64 } && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId ? zone : null;

    /// <summary>Writes times in this zone from here on, in UTC when the name is unknown.</summary>
    public static void Use(string? name) => Chosen.Value = Find(name);

    public static DateTime Local(this DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, Current).DateTime;

    /// <summary>Visitors read pages that are the same for all of them.</summary>
    public static void UseTimeZone(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (http.User.Identity is { IsAuthenticated: true })
            Use(http.Request.Cookies[CookieName]);
        return next(http);
    });

    private static bool IsPlace(string id) =>
        id.Split('/')[0] is "Africa" or "America" or "Antarctica" or "Arctic" or "Asia" or "Atlantic" or "Australia" or "Europe" or "Indian" or "Pacific";
}
