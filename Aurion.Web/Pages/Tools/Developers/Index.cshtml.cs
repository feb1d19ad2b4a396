using System.Reflection;
using Aurion.Web.Infrastructure.Settings;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Tools.Developers;

/// <summary>How a tool of somebody else's works inside Aurion.</summary>
public sealed class IndexModel(SiteOptions site) : PageModel
{
    private static readonly string Template = Read();

    public string Site => site.PublicOrigin;

    public string Module => site.ToolsOriginText + "/js/aurion-tool.js";

    /// <summary>A whole tool, with this site's addresses.</summary>
    public string Sample => Template.Replace("TOOLS", site.ToolsOriginText, StringComparison.Ordinal).Replace("SITE", site.PublicOrigin, StringComparison.Ordinal);

    private static string Read()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("SampleTool.html")!);
        return reader.ReadToEnd();
    }
}
