using System.Text.Json;
using Aurion.Web.Billing.Subscriptions;
using Aurion.Web.Infrastructure;
using Aurion.Web.Infrastructure.Mail;
using Aurion.Web.Infrastructure.Settings;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Billing.Mails;

/// <summary>The mails about money: a payment that came, a top-up, a payment that failed, a contract that is to be cancelled, or was.</summary>
public sealed class BillingEmails(IStringLocalizer<MailText> words, IStringLocalizer<SharedText> shared, CancelLinks links, SiteOptions site) : IEmailWriter
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public Email? Write(string kind, string facts) => kind switch
    {
        "payment_receipt" => Receipt(Read<Payment>(facts)),
        "top_up_receipt" => TopUpReceipt(Read<TopUp>(facts)),
        "payment_failed" => Failed(Read<Failure>(facts)),
        "duplicate_refund" => Undone(Read<Duplicate>(facts)),
        "cancel_link" => CancelLink(Read<LinkRequest>(facts)),
        "cancellation" => Cancelled(Read<Cancellation>(facts)),
        _ => null,
    };

    private Email Receipt(Payment payment)
    {
        List<EmailLink> ways = [new(words["Plan and billing"], Billing)];
        if (payment.PdfUrl is { } pdf)
            ways.Insert(0, new(words["Open the invoice (PDF)"], pdf));
        if (payment.Plan is not null)
            ways.Add(new(words["Cancel my contract"], Cancel));
        var period = payment is { Plan: { } plan, PeriodEnd: { } end }
            ? new EmailLine[]
            {
                new(words["Plan"], $"{plan}, {(payment.Interval == "year" ? words["by the year"] : words["by the month"])}"),
                new(words["Paid until"], end.DayAndYear()),
            }
            : [];
        return new()
        {
            Subject = words["Your payment of {0}", payment.Cents.Dollars(withCents: true)],
            Number = payment.Number,
            Paragraphs = [words["Thank you. We received your payment, and the credits are in your account."]],
            Lines = [.. period, new(words["Paid on"], payment.PaidAt.DayAndYear()), new(words["Amount"], payment.Cents.Dollars(withCents: true), IsTotal: true)],
            Credits = payment is { Plan: not null, Credits: { } credits } ? [new(words["Credits"], words["{0} a month", credits.Grouped()], IsTotal: true)] : [],
            Links = ways,
            Reason = Reason,
        };
    }

    private Email TopUpReceipt(TopUp topUp) => new()
    {
        Subject = words["Your payment of {0}", topUp.Cents.Dollars(withCents: true)],
        Paragraphs = [words["Your credits ran low, so we bought a pack with your saved card, as you allowed. Its credits are in your account."]],
        Lines = [new(words["Paid on"], topUp.PaidAt.DayAndYear()), new(words["Amount"], topUp.Cents.Dollars(withCents: true), IsTotal: true)],
        Credits = [new(words["Credits"], topUp.Credits.Grouped(), IsTotal: true)],
        Links = [new(words["Open the receipt"], $"{Billing}/packs/receipt/{topUp.Operation}"), new(words["Change or stop automatic top-ups"], $"{Billing}/top-up")],
        Reason = Reason,
    };

    private Email Failed(Failure failure) => new()
    {
        Subject = words["Your payment failed"],
        Number = failure.Number,
        Paragraphs =
        [
            words["We could not collect {0} for the {1} plan.", failure.Cents.Dollars(withCents: true), failure.Plan],
            failure.GraceEndsAt is { } grace
                ? words["Your credits keep working until {0}. Without a payment the plan is frozen from then on; everything comes back the moment the payment succeeds.", grace.DayAndYear()]
                : words["Everything comes back the moment the payment succeeds."],
        ],
        Links = failure.PayUrl is { } pay ? [new(words["Pay now"], pay), new(words["Change the card"], Billing)] : [new(words["Change the card"], Billing)],
        Reason = Reason,
    };

    private Email Undone(Duplicate duplicate) => new()
    {
        Subject = words["We gave {0} back to you", duplicate.Cents.Dollars(withCents: true)],
        Paragraphs =
        [
            words["Two payment pages were paid, so you had two subscriptions for a moment. We ended the second one and gave its payment back to your card; your bank shows it within a few days."],
            words["Your plan and its credits stay as they are."],
        ],
        Lines = [new(words["Reference"], duplicate.Reference), new(words["Amount"], duplicate.Cents.Dollars(withCents: true), IsTotal: true)],
        Links = [new(words["Plan and billing"], Billing)],
        Reason = Reason,
    };

    private Email Cancelled(Cancellation cancellation) => new()
    {
        Subject = words["Your contract is cancelled"],
        Paragraphs = [.. CancellationNotes(cancellation)],
        Lines =
        [
            new(words["Contract"], shared["{0} plan", cancellation.Plan]),
            new(words["Reference"], cancellation.Reference),
            new(words["Cancelled on"], words["{0} at {1} ({2})", cancellation.CancelledAt.DayAndYear(), cancellation.CancelledAt.Time(), Zone.Name]),
            new(words["Ends on"], cancellation.EndsAt.DayAndYear()),
        ],
        Links = [new(words["See the receipt, or keep the plan after all"], Cancel)],
        Reason = Reason,
    };

    private IEnumerable<string> CancellationNotes(Cancellation cancellation)
    {
        yield return words["This is your receipt: your cancellation arrived, and the plan is not renewed. Your credits stay until the contract ends; then you are on the free plan."];
        if (cancellation.DueCents is > 0 and { } due)
            yield return words["{0} stay due for the period that has begun. Without a payment the plan ends sooner.", due.Dollars(withCents: true)];
        if (cancellation.TopUpCents is { } topUp)
            yield return words["Automatic top-ups are still on: they charge {0} each time your credits run low.", topUp.Dollars(withCents: true)];
        if (cancellation is { DueCents: not > 0, TopUpCents: null })
            yield return words["Nothing more will be charged."];
    }

    private Email CancelLink(LinkRequest request) => request.Plan is { } plan
        ? new()
        {
            Subject = words["Cancel your contract"],
            Paragraphs =
            [
                words["We received a request to cancel your {0} plan. Nothing is cancelled yet: open the link below within 24 hours and confirm.", plan],
                words["If you did not ask for it, ignore this e-mail: your plan goes on as it is."],
            ],
            Links = [new(words["Cancel my contract"], $"{Cancel}/link?token={links.Issue(new CancelLink(request.UserId, request.OperationId))}")],
            Reason = Reason,
        }
        : new()
        {
            Subject = words["There is nothing to cancel"],
            Paragraphs =
            [
                words["We received a request to cancel the contract of your account. Your account has no plan that is paid, so there is nothing to cancel."],
                words["If you did not ask for it, ignore this e-mail."],
            ],
            Links = [new(words["Plan and billing"], Billing)],
            Reason = Reason,
        };

    private string Billing => $"{site.PublicOrigin}/billing";

    private string Cancel => $"{Billing}/cancel";

    private string Reason => words["You receive this e-mail because it concerns your subscription. No reply is needed."];

    private static T Read<T>(string facts) => JsonSerializer.Deserialize<T>(facts, Names)!;

    private sealed record Payment(string? Number, int Cents, DateTimeOffset PaidAt, string? PdfUrl, string? Plan, string? Interval, int? Credits, DateTimeOffset? PeriodEnd);

    private sealed record TopUp(int Cents, DateTimeOffset PaidAt, int Credits, Guid Operation);

    private sealed record Duplicate(int Cents, string Reference);

    private sealed record Failure(string? Number, int Cents, string Plan, DateTimeOffset? GraceEndsAt, string? PayUrl);

    private sealed record LinkRequest(Guid UserId, Guid OperationId, string? Plan);

    private sealed record Cancellation(string Plan, string Reference, DateTimeOffset CancelledAt, DateTimeOffset EndsAt, int? DueCents, int? TopUpCents);
}
