using System.Globalization;
using Aurion.Data.Tools;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Tools;

/// <summary>Where an embedded tool is: on the tools' origin, or where its operator serves it. The address names the page it may talk to and never carries a token.</summary>
public sealed class ToolFrames(SiteOptions site, CatalogueStore catalogue)
{
    public string OriginOf(ToolCard tool) => tool.Address is { } address ? new Uri(address).GetLeftPart(UriPartial.Authority) : site.ToolsOriginText;

    public string UrlOf(ToolCard tool)
    {
        var address = tool.Address ?? $"{site.ToolsOriginText}/tools/{Uri.EscapeDataString(tool.Id)}";
        return $"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}parent={Uri.EscapeDataString(site.PublicOrigin)}";
    }

    /// <summary>The address that also tells language and theme, so that the first picture of the tool is in both.</summary>
    public string UrlOf(ToolCard tool, string theme) => $"{UrlOf(tool)}&lang={CultureInfo.CurrentUICulture.TwoLetterISOLanguageName}&theme={theme}";

    public async ValueTask<ToolCard?> FindAsync(string toolId, CancellationToken ct) =>
        (await catalogue.ListAsync(ct)).FirstOrDefault(tool => tool.Id == toolId && tool.IsEmbedded);

    /// <summary>Every origin on which an embedded tool may be.</summary>
    public async ValueTask<IReadOnlyCollection<string>> OriginsAsync(CancellationToken ct) =>
        [.. (await catalogue.ListAsync(ct)).Where(tool => tool.IsEmbedded).Select(OriginOf).Distinct(StringComparer.Ordinal)];
}
