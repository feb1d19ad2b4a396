namespace Aurion.Web.Infrastructure;

/// <summary>Addresses of the local stand-ins, shown in the thin bar on top while developing.</summary>
public sealed class DevBar
{
    [ConfigurationKeyName("AURION_SANDBOX_MAIL")]
    public string? Mail { get; init; }

    [ConfigurationKeyName("AURION_SANDBOX_STRIPE")]
    public string? Stripe { get; init; }
}
