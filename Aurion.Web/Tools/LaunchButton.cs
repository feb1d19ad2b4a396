using Aurion.Data.Tools;

namespace Aurion.Web.Tools;

/// <summary>The button that pays: the price is written on it.</summary>
/// <param name="IsAgain">A session runs already; this opens and pays another.</param>
/// <param name="DescribedBy">Ids of the lines that say why it is off, or what it leaves.</param>
public sealed record LaunchButton(ToolCard Tool, bool IsShort, bool IsAgain = false, string? DescribedBy = null, Guid? Work = null);
