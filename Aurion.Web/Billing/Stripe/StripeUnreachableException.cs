using System.Net;
using Stripe;

namespace Aurion.Web.Billing.Stripe;

/// <summary>
/// Stripe did not answer in time, answered with a fault of its own, or does not accept our key. Nothing is known to be wrong with the
/// call; the same one may work later. Catch it only where a state machine goes on; pages and the API say it by themselves.
/// </summary>
public sealed class StripeUnreachableException(string message, Exception? cause = null) : StripeFault(message, cause)
{
    /// <summary>Stripe has answered, with a fault of its own, which it may keep under the call's idempotency key.</summary>
    public bool IsAnswer => InnerException is StripeException { HttpStatusCode: >= HttpStatusCode.InternalServerError };

    /// <summary>Stripe keeps this answer under the call's idempotency key for a day: the call has ended, and only another key runs it again.</summary>
    public bool IsKept { get; init; }

    /// <summary>Our key was revoked, or lacks a right: somebody has to mend that.</summary>
    public bool IsOurKey => InnerException is StripeException { HttpStatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden };
}
