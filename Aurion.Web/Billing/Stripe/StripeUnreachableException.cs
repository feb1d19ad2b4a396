using System.Net;
using Stripe;

namespace Aurion.Web.Billing.Stripe;

/// <summary>Stripe did not answer in time, or answered with a fault of its own. Nothing is known to be wrong with the call.</summary>
public sealed class StripeUnreachableException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Stripe has answered, with a fault of its own: it keeps that answer under the call's idempotency key.</summary>
    public bool IsAnswer => InnerException is StripeException { HttpStatusCode: >= HttpStatusCode.InternalServerError };
}
