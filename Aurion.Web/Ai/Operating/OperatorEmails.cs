using System.Text.Json.Serialization;
using Aurion.Web.Infrastructure.Mail;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Ai.Operating;

/// <summary>What the administrators are told about providers and models.</summary>
public sealed class OperatorEmails(IStringLocalizer<OperatorText> words, SiteOptions site) : IEmailWriter
{
    public IReadOnlyList<EmailKind> Kinds =>
    [
        EmailKind.Of("provider_dry", Dry, new Account(9_990_000, null), new Account(null, new(2026, 11, 1, 8, 12, 0, TimeSpan.Zero))),
        EmailKind.Of("model_off", Off, new Model("Claude Sonnet 4.5", "The provider no longer offers it.")),
    ];

    private Email Dry(Account account) => new()
    {
        Subject = words["OpenRouter’s account runs dry"],
        Paragraphs =
        [
            account.RefusedAt is { } refused
                ? words["OpenRouter refused a call on {0} at {1} (UTC) because the account is empty. Chats, programs and tools fail without a charge until you add money.", refused.DayAndYear(), refused.Time()]
                : words["Little money is left at OpenRouter. Once it is gone, chats, programs and tools fail without a charge until you add some."],
            words["You get this e-mail once; the next one comes only after the account was in order for a day."],
        ],
        Lines = account.Remaining is { } remaining ? [new(words["Left"], remaining.MicroDollars())] : [],
        Links = [new(words["See the margin page"], $"{site.PublicOrigin}/admin/margin"), new(words["Add money at OpenRouter"], "https://openrouter.ai/settings/credits")],
        Reason = Reason,
    };

    private Email Off(Model model) => new()
    {
        Subject = words["{0} was switched off", model.Name],
        Paragraphs =
        [
            words[model.Reason],
            words["Nobody can choose this model until you turn it on again. A new price is in the price table already and counts from then on."],
        ],
        Links = [new(words["Turn it on again"], $"{site.PublicOrigin}/admin/switches")],
        Reason = Reason,
    };

    private string Reason => words["You get this e-mail because you are an administrator of Aurion."];

    private sealed record Account(long? Remaining, DateTimeOffset? RefusedAt);

    private sealed record Model([property: JsonPropertyName("model")] string Name, string Reason);
}
