namespace Aurion.Web.Tools;

/// <summary>A tool that Aurion serves itself, and the address of its page; the feature that has it registers it.</summary>
public sealed record BuiltInTool(string Id, string Address);
