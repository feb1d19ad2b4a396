using System.Text.Json;

namespace Aurion.Web.Infrastructure.Htmx;

/// <summary>What we tell htmx: <c>Response.Htmx(h => h.Redirect("/").WithTrigger("saved"))</c>.</summary>
public sealed class HtmxResponse(IHeaderDictionary headers)
{
    private readonly Dictionary<string, object?> triggers = new(StringComparer.Ordinal);

    /// <summary>A full navigation, as after signing in.</summary>
    public HtmxResponse Redirect(string url) => Set("HX-Redirect", url);

    public HtmxResponse Refresh() => Set("HX-Refresh", "true");

    public HtmxResponse PushUrl(string url) => Set("HX-Push-Url", url);

    public HtmxResponse ReplaceUrl(string url) => Set("HX-Replace-Url", url);

    public HtmxResponse Retarget(string selector) => Set("HX-Retarget", selector);

    public HtmxResponse Reswap(string swap) => Set("HX-Reswap", swap);

    /// <summary>Raises an event in the page.</summary>
    public HtmxResponse WithTrigger(string name, object? detail = null)
    {
        triggers[name] = detail;
        return Set("HX-Trigger", JsonSerializer.Serialize(triggers));
    }

    private HtmxResponse Set(string name, string value)
    {
        headers[name] = value;
        return this;
    }
}

public static class HtmxResponseExtensions
{
    public static void Htmx(this HttpResponse response, Action<HtmxResponse> say)
    {
        ArgumentNullException.ThrowIfNull(response);
        ArgumentNullException.ThrowIfNull(say);
        say(new HtmxResponse(response.Headers));
    }
}
