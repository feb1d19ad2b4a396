using Aurion.Web.Infrastructure.Errors;

namespace Aurion.Web.Billing.Stripe;

/// <summary>A call to Stripe that brought nothing. Whether a write took effect is not said by it.</summary>
public abstract class StripeFault(string message, Exception? cause = null) : UnavailableException(message, cause)
{
    public override string ApiCode => "STRIPE_UNREACHABLE";

    public override string ApiError => "Payments are unavailable";

    public override string Sentence => "Our payment partner does not answer at the moment. Please try again in a few minutes.";
}
