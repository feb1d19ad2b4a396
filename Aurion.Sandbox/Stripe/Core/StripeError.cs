using System.Text.Json.Nodes;

namespace Aurion.Sandbox.Stripe.Core;

/// <summary>An answer in Stripe's error form. What was written before it is undone, unless <see cref="KeepsChanges"/> says that the attempt itself counts.</summary>
internal sealed class StripeError(int status, string type, string message, string? code = null, string? param = null) : Exception(message)
{
    public int Status => status;
    public string? Code => code;
    public bool KeepsChanges { get; init; }
    /// <summary>True when the parameters were refused before the endpoint did anything.</summary>
    public bool IsValidation { get; init; }
    public string? DeclineCode { get; init; }
    public string? Charge { get; init; }
    public JsonObject? PaymentIntent { get; init; }
    public JsonObject? PaymentMethod { get; init; }

    public JsonObject Body(string requestId)
    {
        var error = new JsonObject();
        if (Charge is not null) error["charge"] = Charge;
        if (code is not null) error["code"] = code;
        if (DeclineCode is not null) error["decline_code"] = DeclineCode;
        if (code is not null) error["doc_url"] = $"https://docs.stripe.com/error-codes/{code.Replace('_', '-')}";
        error["message"] = Message;
        if (param is not null) error["param"] = param;
        if (PaymentIntent is not null) error["payment_intent"] = Json.Public(PaymentIntent);
        if (PaymentMethod is not null) error["payment_method"] = Json.Public(PaymentMethod);
        error["request_log_url"] = $"https://dashboard.stripe.com/test/logs/{requestId}";
        error["type"] = type;
        return new JsonObject { ["error"] = error };
    }

    public static StripeError Invalid(string message, string? param = null, string? code = null) => new(400, "invalid_request_error", message, code, param);

    public static StripeError BadParam(string message, string param, string? code = null) => new(400, "invalid_request_error", message, code, param) { IsValidation = true };

    public static StripeError MissingParam(string param) => BadParam($"Missing required param: {param}.", param, "parameter_missing");

    /// <summary>What Stripe says when it fails itself; the outcome of the call is not known.</summary>
    public static StripeError Internal() => new(500, "api_error", "An unknown error occurred");

    public static StripeError NoSuch(string kind, string id, string? param = null) =>
        new(param is null or "id" ? 404 : 400, "invalid_request_error", $"No such {kind}: '{id}'", "resource_missing", param ?? "id");
}
