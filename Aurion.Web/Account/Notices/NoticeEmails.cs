using System.Text.Json;
using Aurion.Web.Infrastructure.Mail;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Account.Notices;

/// <summary>The e-mails about a balance, which their reader may stop with one click.</summary>
public sealed class NoticeEmails(IStringLocalizer<AccountText> words, IStringLocalizer<SharedText> shared, Unsubscriptions unsubscriptions, SiteOptions site) : IEmailWriter
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public Email? Write(string kind, string facts) => kind switch
    {
        "credits_low" or "credits_below" or "credits_out" => Low(kind, JsonSerializer.Deserialize<LowBalance>(facts, Names)!),
        "credits_expiring" => Expiring(JsonSerializer.Deserialize<ExpiringCredits>(facts, Names)!),
        _ => null,
    };

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
        Unsubscribe = Stop(balance.UserId),
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
        Unsubscribe = Stop(grant.UserId),
    };

    private EmailLink Stop(Guid userId) => new(words["Stop these e-mails"], unsubscriptions.LinkFor(userId));

    private string Reason => words["You receive this e-mail because you let us tell you about your credits."];

    private sealed record LowBalance(Guid UserId, int Left, int Total, int? Figure, DateTimeOffset RenewsAt);

    private sealed record ExpiringCredits(Guid UserId, int Credits, DateTimeOffset ExpiresAt);
}
