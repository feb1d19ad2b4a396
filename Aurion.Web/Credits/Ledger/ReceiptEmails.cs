using Aurion.Data.Credits;
using Aurion.Web.Infrastructure;
using Aurion.Web.Infrastructure.Mail;
using Aurion.Web.Infrastructure.Settings;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Credits.Ledger;

/// <summary>The receipt of a movement, for somebody who wants to keep it.</summary>
public sealed class ReceiptEmails(IStringLocalizer<CreditsText> words, IStringLocalizer<SharedText> shared, MovementWords movements, SiteOptions site) : IEmailWriter
{
    private static readonly DateTimeOffset Example = new(2026, 11, 1, 8, 12, 0, TimeSpan.Zero);

    public IReadOnlyList<EmailKind> Kinds =>
    [
        EmailKind.Of("movement_receipt", Receipt,
            new Receipt(new(1184, Example, "launch_tool_app-builder", "App Builder", -50, 4950, "user"),
                new(50, null, "app-builder", null, null, null, Example.AddHours(1), null, null, null, null, null, null), [new("plan", 40), new("pack", 10)]),
            new Receipt(new(1185, Example, "use_tool_ai-chat", "AI Chat", -3, 4947, "user"),
                new(3, null, "ai-chat", null, null, null, null, null, "GPT-5 mini", 812, 240, 9, 4.2), [new("plan", 3)])),
    ];

    private Email Receipt(Receipt receipt)
    {
        var (movement, detail, buckets) = receipt;
        var name = movements.Of(movement);
        return new()
        {
            Subject = words["Receipt: {0}", name],
            Number = words["no. {0}", movement.Seq],
            Paragraphs = [words["You asked for this receipt of a movement of your credits."]],
            Lines = [.. Lines(movement, detail)],
            Credits =
            [
                .. buckets.Select(bucket => new EmailLine(movements.Source(bucket.Source), bucket.Credits.Grouped())),
                new(words["Credits"], movement.Delta.WithSign()),
                new(words["Balance after"], movement.BalanceAfter.Grouped(), IsTotal: true),
            ],
            Links = [new(words["Open the receipt"], $"{site.PublicOrigin}/credits/{movement.Seq}"), new(words["All movements"], $"{site.PublicOrigin}/credits")],
            Reason = words["You receive this e-mail because somebody who is signed in to your account sent you this receipt."],
        };
    }

    private IEnumerable<EmailLine> Lines(Movement movement, ReceiptDetail detail)
    {
        yield return new(words["When"], movement.At.Moment());
        if (detail.Model is { } model)
            yield return new(words["Model"], model);
        if (detail is { PromptTokens: { } read, CompletionTokens: { } written })
        {
            yield return new(words["Read"], words["{0} tokens", read.Grouped()]);
            yield return new(words["Written"], words["{0} tokens", written.Grouped()]);
        }
        if (detail.Reason is { Length: > 0 } reason)
            yield return new(words["Reason"], movements.Reason(movement, reason));
        if (detail.Price > 0)
            yield return new(words["Price"], shared.Credits(detail.Price));
    }
}
