using System.Text.Json;

namespace Aurion.Web.Billing.Stripe;

/// <summary>Carries one call to Stripe and its answer back: the one thing that differs between the two adapters.</summary>
public interface IStripeTransport
{
    /// <exception cref="StripeRefusedException">Stripe understood and said no.</exception>
    /// <exception cref="StripeUnreachableException">Stripe did not answer, or not usefully; the same call may work later.</exception>
    Task<JsonElement> SendAsync(StripeCall call, CancellationToken ct);
}
