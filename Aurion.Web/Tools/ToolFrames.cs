using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Tools;

/// <summary>Where an embedded tool is, on its own origin. The address names the page it may talk to and never carries a token.</summary>
public sealed class ToolFrames(SiteOptions site)
{
    public string Origin => site.ToolsOriginText;

    public string UrlOf(string toolId) =>
        $"{site.ToolsOriginText}/tools/{Uri.EscapeDataString(toolId)}?parent={Uri.EscapeDataString(site.PublicOrigin)}";
}
