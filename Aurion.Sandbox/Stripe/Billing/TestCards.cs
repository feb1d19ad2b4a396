namespace Aurion.Sandbox.Stripe.Billing;

internal enum Authentication { Never, UntilSetUp, Always }

/// <summary>How a test card behaves, after Stripe's list of them.</summary>
internal sealed record TestCard(string Number, string Brand)
{
    public string Funding { get; init; } = "credit";
    public string? Code { get; init; }
    public string? DeclineCode { get; init; }
    public string Message { get; init; } = "Your card was declined.";
    /// <summary>Good while the person is there (checkout, paying an invoice), declined at renewals and changes.</summary>
    public bool OnlyOnSession { get; init; }
    public Authentication Authentication { get; init; }
    public bool DeclinesAfterAuthentication { get; init; }
    public string? DisputeReason { get; init; }
    /// <summary>The bank asks first; no money moves.</summary>
    public bool OnlyInquiry { get; init; }
    /// <summary>Not a card but an account at a bank, typed in a card's place: what it pays is known a day later.</summary>
    public bool Slow { get; init; }
    public string Last4 => Number[^4..];
}

internal static class TestCards
{
    private static readonly Dictionary<string, TestCard> Known = new TestCard[]
    {
        new("4242424242424242", "visa"),
        new("4000056655665556", "visa") { Funding = "debit" },
        new("5555555555554444", "mastercard"),
        new("2223003122003222", "mastercard"),
        new("5200828282828210", "mastercard") { Funding = "debit" },
        new("378282246310005", "amex"),
        new("6011111111111117", "discover"),
        Declining("4000000000000002", "card_declined", "generic_decline", "Your card was declined."),
        Declining("4000000000009995", "card_declined", "insufficient_funds", "Your card has insufficient funds."),
        Declining("4000000000009987", "card_declined", "lost_card", "Your card was declined."),
        Declining("4000000000009979", "card_declined", "stolen_card", "Your card was declined."),
        Declining("4000000000000069", "expired_card", null, "Your card has expired."),
        Declining("4000000000000127", "incorrect_cvc", null, "Your card's security code is incorrect."),
        Declining("4000000000000119", "processing_error", null, "An error occurred while processing your card. Try again in a little bit."),
        Declining("4000000000000341", "card_declined", "generic_decline", "Your card was declined.") with { OnlyOnSession = true },
        new("4000002500003155", "visa") { Authentication = Authentication.UntilSetUp },
        new("4000002760003184", "visa") { Authentication = Authentication.Always },
        new("4000003800000446", "visa"),
        Declining("4000008400001629", "card_declined", "generic_decline", "Your card was declined.") with { Authentication = Authentication.Always, DeclinesAfterAuthentication = true },
        new("4000000000000259", "visa") { DisputeReason = "fraudulent" },
        new("4000000000002685", "visa") { DisputeReason = "product_not_received" },
        new("4000000000001976", "visa") { DisputeReason = "fraudulent", OnlyInquiry = true },
        new("000123456789", "us_bank_account") { Slow = true },
        Declining("000111111116", "payment_method_not_available", null, "The bank account has been closed.") with { Slow = true },
    }.ToDictionary(c => c.Number, StringComparer.Ordinal);

    private static readonly Dictionary<string, string> Tokens = new(StringComparer.Ordinal)
    {
        ["visa"] = "4242424242424242",
        ["mastercard"] = "5555555555554444",
        ["amex"] = "378282246310005",
        ["visa_debit"] = "4000056655665556",
        ["chargeDeclined"] = "4000000000000002",
        ["visa_chargeDeclined"] = "4000000000000002",
        ["chargeDeclinedInsufficientFunds"] = "4000000000009995",
        ["visa_chargeDeclinedInsufficientFunds"] = "4000000000009995",
        ["chargeCustomerFail"] = "4000000000000341",
        ["authenticationRequired"] = "4000002760003184",
        ["authenticationRequiredOnSetup"] = "4000002500003155",
        ["threeDSecure2Required"] = "4000002760003184",
        ["createDispute"] = "4000000000000259",
        ["createDisputeProductNotReceived"] = "4000000000002685",
        ["createDisputeInquiry"] = "4000000000001976",
    };

    private static TestCard Declining(string number, string code, string? declineCode, string message) =>
        new(number, "visa") { Code = code, DeclineCode = declineCode, Message = message };

    public static TestCard? Find(string? number) => number is null ? null : Known.GetValueOrDefault(number);

    /// <summary>The card behind Stripe's ready-made names: <c>pm_card_visa</c>, <c>tok_visa</c>.</summary>
    public static TestCard? FindToken(string name) =>
        (name.StartsWith("pm_card_", StringComparison.Ordinal) ? name[8..] : name.StartsWith("tok_", StringComparison.Ordinal) ? name[4..] : null) is { } token
            ? Find(Tokens.GetValueOrDefault(token)) : null;

    /// <summary>Luhn's check, as a card form makes it before it asks anyone.</summary>
    public static bool IsCardNumber(string digits)
    {
        if (digits.Length is < 12 or > 19 || !digits.All(char.IsAsciiDigit))
            return false;
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            if (i % 2 == 1 && (digit *= 2) > 9)
                digit -= 9;
            sum += digit;
        }
        return sum % 10 == 0;
    }
}
