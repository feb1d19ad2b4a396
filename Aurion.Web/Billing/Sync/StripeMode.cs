using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Billing.Sync;

internal static class StripeMode
{
    /// <summary>Whether our key moves real money; events and objects of the other mode are not ours.</summary>
    public static bool IsLive(this StripeOptions options) => options.SecretKey.Contains("_live_", StringComparison.Ordinal);
}
