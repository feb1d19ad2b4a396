namespace Aurion.Web.Infrastructure.Settings;

/// <summary>A setting is wrong in a way that only showed when it was used; the process ends with its message.</summary>
public sealed class SettingsException(string message) : Exception(message);
