using Aurion.Web.Infrastructure.Settings;
using Stripe;

namespace Aurion.Web.Billing.Stripe;

/// <summary>Proves that a webhook was written by Stripe, for us, within five minutes of our clock.</summary>
public sealed class StripeSignature(StripeOptions options, TimeProvider clock)
{
    private const int LongestHeader = 4096;
    private const long Tolerance = 300;

    public bool IsConfigured => options.WebhookSecrets.Count > 0;

    /// <summary>True when the header proves the body under any secret: two are valid while one is being replaced.</summary>
    public bool Matches(string body, string header)
    {
        if (header.Length > LongestHeader)
            return false;
        var (now, matches) = (clock.GetUtcNow().ToUnixTimeSeconds(), false);
        // No early exit: the time taken says nothing about which secret was right.
        foreach (var secret in options.WebhookSecrets)
            matches |= Matches(body, header, secret, now);
        return matches;
    }

    private static bool Matches(string body, string header, string secret, long now)
    {
        try
        {
            EventUtility.ValidateSignature(body, header, secret, Tolerance, now);
            return true;
        }
        // Stripe.net reads the header's time as a 32-bit number, and throws what int.Parse throws when it is none.
        catch (Exception fault) when (fault is StripeException or FormatException or OverflowException)
        {
            return false;
        }
    }
}
