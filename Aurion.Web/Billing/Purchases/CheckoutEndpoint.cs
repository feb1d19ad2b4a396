using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Aurion.Data.Billing;
using Aurion.Web.Account;
using Aurion.Web.Infrastructure.Errors;

namespace Aurion.Web.Billing.Purchases;

/// <summary>POST /api/create-checkout: opens the payment page of a plan for the person signed in.</summary>
internal static class CheckoutEndpoint
{
    /// <summary>Nothing but these two is read: price, amount and customer are ours to know.</summary>
    public sealed record NewCheckout([property: Required] string? Plan, string? Interval);

    public static async Task<IResult> CreateAsync(NewCheckout order, ClaimsPrincipal user, PaymentPages pages, CancellationToken ct)
    {
        var interval = order.Interval ?? "month";
        if (string.IsNullOrWhiteSpace(order.Plan) || interval is not ("month" or "year"))
            return Refuse(StatusCodes.Status400BadRequest, "CHECKOUT_INVALID", "Plan or interval missing", "Send plan and interval (month or year).");

        return await pages.OpenAsync(user.Id(), Offer.OfPlan(order.Plan, interval), keepCard: false, ct) switch
        {
            PurchaseResult.Opened opened => Results.Ok(new { url = opened.Url, sessionId = opened.SessionId }),
            PurchaseResult.UnknownOffer => Refuse(StatusCodes.Status400BadRequest, "PLAN_NOT_FOUND", "Unknown plan", "No plan of this name is sold."),
            PurchaseResult.Subscribed => ApiProblem.Answer(StatusCodes.Status409Conflict, "ALREADY_SUBSCRIBED", "Already subscribed",
                "This account has a subscription; change it instead.", ("change_url", "/billing")),
            PurchaseResult.Overtaken => Refuse(StatusCodes.Status409Conflict, "CHECKOUT_REPLACED", "Checkout replaced", "A newer checkout of this account has taken over."),
            _ => Refuse(StatusCodes.Status503ServiceUnavailable, "BILLING_NOT_SET_UP", "Plan not for sale yet", "The operator has to run `billing setup`."),
        };
    }

    private static IResult Refuse(int status, string code, string error, string message) => ApiProblem.Answer(status, code, error, message);
}
