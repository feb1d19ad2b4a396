namespace Aurion.Data.Account;

/// <summary>What people tell us about themselves; a null locale or theme follows the browser.</summary>
public sealed record Profile(string Email, string? FullName, string? Locale, string? Theme);
