namespace Aurion.Web.Infrastructure.Settings;

/// <summary>Names the environment variable behind a property, says what it is for and where its value comes from.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingAttribute(string name, string meaning, string source) : Attribute
{
    public string Name { get; } = name;
    public string Meaning { get; } = meaning;
    public string Source { get; } = source;

    /// <summary>What .env.example shows instead of a default.</summary>
    public string Example { get; init; } = "";

    /// <summary>The key as configuration spells it: ConnectionStrings__Aurion is ConnectionStrings:Aurion.</summary>
    public string Key => Name.Replace("__", ":", StringComparison.Ordinal);
}
