using Aurion.Web.Credits.Ledger;
using Aurion.Web.Infrastructure.Mail;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Account.Notices;

/// <summary>The e-mails about a balance, which their reader may stop with one click.</summary>
public sealed class NoticeEmails(IStringLocalizer<AccountText> words, IStringLocalizer<SharedText> shared, SubjectName nameOf, Unsubscriptions unsubscriptions, SiteOptions site) : IEmailWriter
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Example = new(2026, 12, 1, 8, 12, 0, TimeSpan.Zero);

    public IReadOnlyList<EmailKind> Kinds =>
    [
        EmailKind.Of<LowBalance>("credits_low", balance => Low("credits_low", balance), new LowBalance(Guid.Empty, 180, 1000, null, Example)),
        EmailKind.Of<LowBalance>("credits_below", balance => Low("credits_below", balance), new LowBalance(Guid.Empty, 460, 1000, 500, Example)),
        EmailKind.Of<LowBalance>("credits_out", balance => Low("credits_out", balance), new LowBalance(Guid.Empty, 0, 1000, null, Example)),
        EmailKind.Of("credits_expiring", Expiring, new ExpiringCredits(Guid.Empty, 300, Example)),
        EmailKind.Of("week_in_credits", Week,
            new WeekInCredits(Guid.Empty, Monday, Monday.AddDays(7), [new("App Builder", 50, 2), new("Text Editor", 15, 3), new("AI Chat", 12, 9)], 912, 1000, Example, null),
            new WeekInCredits(Guid.Empty, Monday, Monday.AddDays(7), [new("Code Editor", 20, 1)], 40, 1000, Example, Example)),
    ];

    private Email Low(string kind, LowBalance balance) => new()
    {
        Subject = kind == "credits_out" ? words["Your credits are used up"] : words["{0} left", shared.Credits(balance.Left)],
        Paragraphs =
        [
            kind switch
            {
                "credits_out" => words["You have spent all your credits. Nothing more is charged and nothing is opened until new ones are there."],
                "credits_low" => words["You have spent more than four fifths of the credits of your plan."],
                _ => words["You have fewer credits left than the {0} at which you want to be told.", (balance.Figure ?? 0).Grouped()],
            },
            words["Your plan gives new credits on {0}.", balance.RenewsAt.DayAndYear()],
        ],
        Credits = [new(words["In your plan a month"], balance.Total.Grouped()), new(words["Left"], balance.Left.Grouped(), IsTotal: true)],
        Links = [new(words["Get more credits"], $"{site.PublicOrigin}/pricing"), new(words["See every movement"], $"{site.PublicOrigin}/credits")],
        Reason = Reason,
        Unsubscribe = Stop(balance.UserId, isWeek: false),
    };

    private Email Expiring(ExpiringCredits grant) => new()
    {
        Subject = words["{0} expire on {1}", shared.Credits(grant.Credits), grant.ExpiresAt.Day()],
        Paragraphs =
        [
            words["Credits that you have beside those of your plan expire on {0} at {1} ({2}). Until then they are spent after those of your plan.", grant.ExpiresAt.DayAndYear(), grant.ExpiresAt.Time(), Zone.Name],
        ],
        Credits = [new(words["Expire"], grant.Credits.Grouped(), IsTotal: true)],
        Links = [new(words["Choose a tool"], $"{site.PublicOrigin}/tools"), new(words["See every movement"], $"{site.PublicOrigin}/credits")],
        Reason = Reason,
        Unsubscribe = Stop(grant.UserId, isWeek: false),
    };

    private Email Week(WeekInCredits week) => new()
    {
        Subject = words["Your week in credits: {0} spent", week.Spent.Sum(tool => tool.Credits).Grouped()],
        Paragraphs =
        [
            words["What you spent from {0} to {1}, and what is left.", week.Since.Day(), week.Until.AddTicks(-1).DayAndYear()],
            week.EndsAt is { } end
                ? words["Your plan ends on {0}. Its credits stay until then.", end.DayAndYear()]
                : words["Your plan gives new credits on {0}.", week.RenewsAt.DayAndYear()],
        ],
        Lines =
        [
            .. week.Spent.Select(tool => new EmailLine(tool.Times == 1 ? nameOf(tool.Tool) : words["{0}, {1} times", nameOf(tool.Tool), tool.Times.Grouped()], tool.Credits.Grouped())),
            new(words["Spent"], week.Spent.Sum(tool => tool.Credits).Grouped(), IsTotal: true),
        ],
        Credits = [new(words["In your plan a month"], week.Total.Grouped()), new(words["Left"], week.Left.Grouped(), IsTotal: true)],
        Links = [new(words["See every movement"], $"{site.PublicOrigin}/credits"), new(words["Choose what you are told"], $"{site.PublicOrigin}/account/preferences#notices")],
        Reason = words["You receive this e-mail each Monday after a week with any use, because you asked for it."],
        Unsubscribe = Stop(week.UserId, isWeek: true),
    };

    private EmailLink Stop(Guid userId, bool isWeek) => new(words["Stop these e-mails"], unsubscriptions.LinkFor(userId, isWeek));

    private string Reason => words["You receive this e-mail because you let us tell you about your credits."];

    private sealed record LowBalance(Guid UserId, int Left, int Total, int? Figure, DateTimeOffset RenewsAt);

    private sealed record ExpiringCredits(Guid UserId, int Credits, DateTimeOffset ExpiresAt);

    /// <summary>The moments are midnights in the person's zone; <paramref name="EndsAt"/> is set when the plan ends before it gives credits again.</summary>
    private sealed record WeekInCredits(
        Guid UserId, DateTimeOffset Since, DateTimeOffset Until, IReadOnlyList<ToolSpend> Spent, int Left, int Total, DateTimeOffset RenewsAt, DateTimeOffset? EndsAt);

    private sealed record ToolSpend(string Tool, int Credits, int Times);
}
