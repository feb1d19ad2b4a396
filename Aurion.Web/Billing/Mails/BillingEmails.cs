using System.Text.Json;
using Aurion.Web.Infrastructure;
using Aurion.Web.Infrastructure.Mail;
using Aurion.Web.Infrastructure.Settings;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Billing.Mails;

/// <summary>The mails about money: a payment that came, a top-up, a payment that failed, a contract that was cancelled.</summary>
public sealed class BillingEmails(IStringLocalizer<MailText> words, IStringLocalizer<SharedText> shared, SiteOptions site) : IEmailWriter
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public Email? Write(string kind, string facts) => kind switch
    {
        "payment_receipt" => Receipt(Read<Payment>(facts)),
        "top_up_receipt" => TopUpReceipt(Read<TopUp>(facts)),
        "payment_failed" => Failed(Read<Failure>(facts)),
        "cancellation" => Cancelled(Read<Cancellation>(facts)),
        _ => null,
    };

    private Email Receipt(Payment payment)
    {
        List<(string, string)> facts = [(words["Amount"], payment.Cents.Dollars(withCents: true)), (words["Paid on"], payment.PaidAt.DayAndYear())];
        if (payment.Number is { } number)
            facts.Add((words["Invoice"], number));
        if (payment is { Plan: { } plan, Credits: { } credits, PeriodEnd: { } end })
        {
            facts.Add((words["Plan"], $"{plan}, {(payment.Interval == "year" ? words["by the year"] : words["by the month"])}"));
            facts.Add((words["Credits"], words["{0} a month", credits.Grouped()]));
            facts.Add((words["Paid until"], end.DayAndYear()));
        }
        List<EmailLink> links = [new(words["Plan and billing"], Billing)];
        if (payment.PdfUrl is { } pdf)
            links.Insert(0, new(words["Open the invoice (PDF)"], pdf));
        return new Email(words["Your payment of {0}", payment.Cents.Dollars(withCents: true)], [words["Thank you. Your payment arrived and its credits are in your account."]], facts, links, Reason);
    }

    private Email TopUpReceipt(TopUp topUp) => new(
        words["Your payment of {0}", topUp.Cents.Dollars(withCents: true)],
        [words["Your credits ran low, so we bought a pack with your saved card, as you allowed. Its credits are in your account."]],
        [(words["Amount"], topUp.Cents.Dollars(withCents: true)), (words["Paid on"], topUp.PaidAt.DayAndYear()), (words["Credits"], topUp.Credits.Grouped())],
        [new(words["Open the receipt"], $"{Billing}/packs/receipt/{topUp.Operation}"), new(words["Change or stop automatic top-ups"], $"{Billing}/top-up")],
        Reason);

    private Email Failed(Failure failure) => new(
        words["Your payment failed"],
        [
            words["We could not collect {0} for the {1} plan.", failure.Cents.Dollars(withCents: true), failure.Plan],
            failure.GraceEndsAt is { } grace
                ? words["Your credits keep working until {0}. Without a payment the plan is frozen from then on; everything comes back the moment the payment succeeds.", grace.DayAndYear()]
                : words["Everything comes back the moment the payment succeeds."],
        ],
        failure.Number is { } number ? [(words["Invoice"], number)] : [],
        failure.PayUrl is { } pay ? [new(words["Pay now"], pay), new(words["Change the card"], Billing)] : [new(words["Change the card"], Billing)],
        Reason);

    private Email Cancelled(Cancellation cancellation) => new(
        words["Your contract is cancelled"],
        [words["This is your receipt: your cancellation arrived. Nothing more will be charged. Your credits stay until the contract ends; then you are on the free plan."]],
        [
            (words["Contract"], shared["{0} plan", cancellation.Plan]),
            (words["Reference"], cancellation.Reference),
            (words["Cancelled on"], words["{0} at {1} (UTC)", cancellation.CancelledAt.DayAndYear(), cancellation.CancelledAt.Time()]),
            (words["Ends on"], cancellation.EndsAt.DayAndYear()),
        ],
        [new(words["See the receipt, or keep the plan after all"], $"{site.PublicOrigin}/billing/cancel")],
        Reason);

    private string Billing => $"{site.PublicOrigin}/billing";

    private string Reason => words["You get this mail because it concerns your contract and your money; it needs no answer."];

    private static T Read<T>(string facts) => JsonSerializer.Deserialize<T>(facts, Names)!;

    private sealed record Payment(string? Number, int Cents, DateTimeOffset PaidAt, string? PdfUrl, string? Plan, string? Interval, int? Credits, DateTimeOffset? PeriodEnd);

    private sealed record TopUp(int Cents, DateTimeOffset PaidAt, int Credits, Guid Operation);

    private sealed record Failure(string? Number, int Cents, string Plan, DateTimeOffset? GraceEndsAt, string? PayUrl);

    private sealed record Cancellation(string Plan, string Reference, DateTimeOffset CancelledAt, DateTimeOffset EndsAt);
}
