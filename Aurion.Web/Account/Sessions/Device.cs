namespace Aurion.Web.Account.Sessions;

/// <summary>A browser in the words of the person who uses it: "Firefox, Windows".</summary>
public static class Device
{
    // The order matters: Edge and Opera call themselves Chrome, too, and everybody calls themselves Safari.
    private static readonly (string Mark, string Name)[] Browsers =
        [("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];

    private static readonly (string Mark, string Name)[] Systems =
        [("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"), ("Macintosh", "macOS"), ("Linux", "Linux")];

    /// <summary>Null when the browser does not say who it is.</summary>
    public static string? Describe(string? userAgent)
    {
        var names = new[] { Find(Browsers, userAgent), Find(Systems, userAgent) }.OfType<string>().ToList();
        return names.Count == 0 ? null : string.Join(", ", names);
    }

    private static string? Find((string Mark, string Name)[] known, string? userAgent) =>
        userAgent is null ? null : known.FirstOrDefault(k => userAgent.Contains(k.Mark, StringComparison.Ordinal)).Name;
}
