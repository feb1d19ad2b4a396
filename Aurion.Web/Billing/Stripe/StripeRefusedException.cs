namespace Aurion.Web.Billing.Stripe;

/// <summary>Stripe understood the call and refused it: a declined card, an object that is not there, a state that forbids it.</summary>
public sealed class StripeRefusedException(int status, string code, string? param, string? declineCode, string message) : StripeFault(message)
{
    public int Status { get; } = status;
    public string Code { get; } = code;
    public string? DeclineCode { get; } = declineCode;
    public bool IsCustomerMissing => Code == "resource_missing" && param == "customer";
    public bool IsMissing => Status == 404 || Code == "resource_missing";
    public bool IsCardError => Status == 402 || Code is "card_declined" or "expired_card" or "authentication_required" or "incorrect_cvc";

    /// <summary>The idempotency key was used before, with other parameters: an earlier try of the same wish, in other words.</summary>
    public bool IsKeyUsed => Code == "idempotency_error";
}
