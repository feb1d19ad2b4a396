using System.Globalization;
using Aurion.Web.Billing.Subscriptions;
using Aurion.Web.Infrastructure;
using Aurion.Web.Infrastructure.Mail;
using Aurion.Web.Infrastructure.Settings;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Billing.Mails;

/// <summary>The mails about money and the plan it pays for: what was bought, what could not be collected, what begins, renews, changes and ends.</summary>
public sealed class BillingEmails(IStringLocalizer<MailText> words, IStringLocalizer<SharedText> shared, CancelLinks links, SiteOptions site) : IEmailWriter
{
    private static readonly DateTimeOffset Example = new(2026, 11, 1, 8, 12, 0, TimeSpan.Zero);

    public IReadOnlyList<EmailKind> Kinds =>
    [
        EmailKind.Of("payment_receipt", Receipt,
            new Payment("AUR-2026-01184", 2900, Example, "https://invoice.stripe.com/i/example/pdf", "Plus", "month", 5000, Example.AddMonths(1)),
            new Payment("AUR-2026-01185", 9000, Example, null, "Starter", "year", 1000, Example.AddYears(1))),
        EmailKind.Of("pack_receipt", PackReceipt, new Pack("AUR-2026-01186", "https://invoice.stripe.com/i/example/pdf", 1200, Example, 1000, Guid.Empty)),
        EmailKind.Of("top_up_receipt", TopUpReceipt, new Pack(null, null, 400, Example, 300, Guid.Empty)),
        EmailKind.Of<Failure>("payment_failed", failure => Failed("payment_failed", failure), Owed, Owed with { GraceEndsAt = null, PayUrl = null }),
        EmailKind.Of<Failure>("payment_failed_again", failure => Failed("payment_failed_again", failure), Owed),
        EmailKind.Of<Failure>("payment_failed_last", failure => Failed("payment_failed_last", failure), Owed),
        EmailKind.Of<Failure>("plan_frozen", failure => Failed("plan_frozen", failure), Owed),
        EmailKind.Of("renewal_ahead", Renewal, new Renewing("Plus", "year", 29_000, Example.AddDays(45), "visa", "4242"), new Renewing("Starter", "month", null, Example.AddDays(45), null, null)),
        EmailKind.Of("plan_changed", PlanChanged, new Change("Starter", "month", "Plus", "month", 5000, Example.AddMonths(1)), new Change("Plus", "month", "Starter", "year", 1000, Example.AddYears(1))),
        EmailKind.Of("plan_ended", PlanEnded, new Ending("Plus", false, 100, 312), new Ending("Plus", true, 40, 0)),
        EmailKind.Of("duplicate_refund", Undone, new Duplicate(2900, "sub_1SOexample")),
        EmailKind.Of("cancel_link", CancelLink, new LinkRequest(Guid.Empty, Guid.Empty, "Plus"), new LinkRequest(Guid.Empty, Guid.Empty, null)),
        EmailKind.Of("cancellation", Cancelled,
            new Cancellation("Plus", "sub_1SOexample", Example, Example.AddMonths(1), null, null),
            new Cancellation("Plus", "sub_1SOexample", Example, Example.AddMonths(1), 2900, 400)),
    ];

    private static Failure Owed => new("AUR-2026-01184", 2900, "Plus", Example.AddDays(7), "https://invoice.stripe.com/i/example");

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
                new(words["Plan"], $"{plan}, {Rhythm(payment.Interval)}"),
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

    private Email PackReceipt(Pack pack) => Bought(pack,
        words["Thank you. We received your payment, and the credits are in your account."],
        new(words["Buy another pack"], $"{Billing}/packs"));

    private Email TopUpReceipt(Pack pack) => Bought(pack,
        words["Your credits ran low, so we bought a pack with your saved card, as you allowed. Its credits are in your account."],
        new(words["Change or stop automatic top-ups"], $"{Billing}/top-up"));

    private Email Bought(Pack pack, string how, EmailLink next) => new()
    {
        Subject = words["Your payment of {0}", pack.Cents.Dollars(withCents: true)],
        Number = pack.Number,
        Paragraphs = [how],
        Lines =
        [
            new(words["Bought"], words["Pack of {0}", shared.Credits(pack.Credits)]),
            new(words["Paid on"], pack.PaidAt.DayAndYear()),
            new(words["Amount"], pack.Cents.Dollars(withCents: true), IsTotal: true),
        ],
        Credits = [new(words["Credits"], pack.Credits.WithSign(), IsTotal: true)],
        Links =
        [
            pack.PdfUrl is { } pdf ? new(words["Open the invoice (PDF)"], pdf) : new(words["Open the receipt"], $"{Billing}/packs/receipt/{pack.Operation}"),
            next,
        ],
        Reason = Reason,
    };

    /// <summary>The three times that a failed payment is told of, and the freeze that follows.</summary>
    private Email Failed(string kind, Failure failure) => new()
    {
        Subject = kind switch
        {
            "payment_failed" => words["Your payment failed"],
            "payment_failed_again" => words["Your payment is still open"],
            "payment_failed_last" => words["Pay by {0}, or your plan is frozen", (failure.GraceEndsAt ?? default).Day()],
            _ => words["Your plan is frozen"],
        },
        Number = failure.Number,
        Paragraphs =
        [
            words["We could not collect {0} for the {1} plan.", failure.Cents.Dollars(withCents: true), failure.Plan],
            (kind, failure.GraceEndsAt) switch
            {
                ("plan_frozen", _) => words["The time to pay is over, so the credits of your plan wait. Credits from packs stay usable. Everything comes back the moment the payment succeeds."],
                (_, { } grace) => words["Your credits keep working until {0}. Without a payment the plan is frozen from then on; everything comes back the moment the payment succeeds.", grace.DayAndYear()],
                _ => words["Everything comes back the moment the payment succeeds."],
            },
        ],
        Lines =
        [
            new(words["Plan"], failure.Plan),
            .. failure.GraceEndsAt is { } end ? new EmailLine[] { new(kind == "plan_frozen" ? words["Frozen since"] : words["Pay by"], words["{0} at {1} ({2})", end.DayAndYear(), end.Time(), Zone.Name]) } : [],
            new(words["Open"], failure.Cents.Dollars(withCents: true), IsTotal: true),
        ],
        Links = failure.PayUrl is { } pay ? [new(words["Pay now"], pay), new(words["Change the card"], Billing)] : [new(words["Change the card"], Billing)],
        Reason = Reason,
    };

    private Email Renewal(Renewing plan) => new()
    {
        Subject = words["Your {0} plan renews on {1}", plan.Plan, plan.RenewsAt.DayAndYear()],
        Paragraphs =
        [
            words["Your paid year ends on {0}. The plan then renews by itself, unless you cancel it before that day.", plan.RenewsAt.DayAndYear()],
            words["Cancelling takes three clicks and no reason. What you have paid for stays yours until its end."],
        ],
        Lines =
        [
            new(words["Plan"], $"{plan.Plan}, {Rhythm(plan.Interval)}"),
            new(words["Renews on"], plan.RenewsAt.DayAndYear()),
            .. plan.CardLast4 is { } card ? new EmailLine[] { new(words["Card"], $"{CultureInfo.InvariantCulture.TextInfo.ToTitleCase(plan.CardBrand ?? "")} •••• {card}") } : [],
            .. plan.Cents is { } cents ? new EmailLine[] { new(words["Amount"], cents.Dollars(withCents: true), IsTotal: true) } : [],
        ],
        Links = [new(words["Plan and billing"], Billing), new(words["Cancel my contract"], Cancel)],
        Reason = Reason,
    };

    private Email PlanChanged(Change change) => new()
    {
        Subject = words["Your {0} plan has begun", change.Plan],
        Paragraphs = [words["Your plan was changed. What the change cost, if anything, is on its own receipt."]],
        Lines =
        [
            new(words["Before"], $"{change.FormerPlan}, {Rhythm(change.FormerInterval)}"),
            new(words["Now"], $"{change.Plan}, {Rhythm(change.Interval)}"),
            new(words["Paid until"], change.PaidUntil.DayAndYear()),
        ],
        Credits = [new(words["Credits"], words["{0} a month", change.Credits.Grouped()], IsTotal: true)],
        Links = [new(words["Plan and billing"], Billing), new(words["Cancel my contract"], Cancel)],
        Reason = Reason,
    };

    private Email PlanEnded(Ending ending) => new()
    {
        Subject = words["Your {0} plan has ended", ending.Plan],
        Paragraphs =
        [
            ending.IsUnpaid
                ? words["Its payment did not come, so the plan has ended and you are on the free plan. Nothing more is collected for it."]
                : words["The contract is over and you are on the free plan. Nothing more is collected for it."],
            words["Your account, your work and credits from packs stay as they are."],
        ],
        Credits =
        [
            new(words["Left of the free plan"], ending.FreeCredits.Grouped()),
            new(words["Left from packs"], ending.OtherCredits.Grouped()),
            new(words["Balance"], (ending.FreeCredits + ending.OtherCredits).Grouped(), IsTotal: true),
        ],
        Links = [new(words["See the plans"], $"{site.PublicOrigin}/pricing"), new(words["Plan and billing"], Billing)],
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

    private string Rhythm(string? interval) => interval == "year" ? words["by the year"] : words["by the month"];

    private string Billing => $"{site.PublicOrigin}/billing";

    private string Cancel => $"{Billing}/cancel";

    private string Reason => words["You receive this e-mail because it concerns your subscription. No reply is needed."];

    private sealed record Payment(string? Number, int Cents, DateTimeOffset PaidAt, string? PdfUrl, string? Plan, string? Interval, int? Credits, DateTimeOffset? PeriodEnd);

    private sealed record Pack(string? Number, string? PdfUrl, int Cents, DateTimeOffset PaidAt, int Credits, Guid Operation);

    /// <summary>Without an amount where a discount makes it unknown.</summary>
    private sealed record Renewing(string Plan, string Interval, int? Cents, DateTimeOffset RenewsAt, string? CardBrand, string? CardLast4);

    private sealed record Change(string FormerPlan, string FormerInterval, string Plan, string Interval, int Credits, DateTimeOffset PaidUntil);

    private sealed record Ending(string Plan, bool IsUnpaid, int FreeCredits, int OtherCredits);

    private sealed record Duplicate(int Cents, string Reference);

    private sealed record Failure(string? Number, int Cents, string Plan, DateTimeOffset? GraceEndsAt, string? PayUrl);

    private sealed record LinkRequest(Guid UserId, Guid OperationId, string? Plan);

    private sealed record Cancellation(string Plan, string Reference, DateTimeOffset CancelledAt, DateTimeOffset EndsAt, int? DueCents, int? TopUpCents);
}
