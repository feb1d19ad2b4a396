using System.Globalization;
using Aurion.Data.Credits;
using Microsoft.AspNetCore.Mvc;

namespace Aurion.Web.Credits.Ledger;

/// <summary>What the address of the ledger asks for; anything it does not know is ignored.</summary>
public sealed class LedgerFilter
{
    /// <summary>The periods on offer, in days.</summary>
    public static readonly IReadOnlyList<int> Periods = [7, 30, 90, 365];

    [FromQuery(Name = "kind")]
    public string? KindName { get; set; }

    [FromQuery(Name = "days")]
    public string? DaysText { get; set; }

    [FromQuery(Name = "before")]
    public string? Before { get; set; }

    [FromQuery(Name = "after")]
    public string? After { get; set; }

    public LedgerKind Kind =>
        Enum.GetValues<LedgerKind>().FirstOrDefault(kind => NameOf(kind) == KindName);

    public int? Days => Seq(DaysText) is { } days && Periods.Contains((int)days) ? (int)days : null;

    public bool IsEmpty => Kind == LedgerKind.All && Days is null;

    public static string NameOf(LedgerKind kind) => kind == LedgerKind.All ? "" : kind.ToString().ToLowerInvariant();

    public LedgerQuery Query(DateTimeOffset now) => new(Kind, Days is { } days ? now.AddDays(-days) : null, Seq(Before), Seq(After));

    /// <summary>The address of the same list elsewhere: <c>?kind=spent&amp;before=120</c>.</summary>
    public string Url(string? position = null, long? seq = null)
    {
        string?[] parts =
        [
            Kind == LedgerKind.All ? null : $"kind={NameOf(Kind)}",
            Days is { } days ? string.Create(CultureInfo.InvariantCulture, $"days={days}") : null,
            seq is { } row ? string.Create(CultureInfo.InvariantCulture, $"{position}={row}") : null,
        ];
        var query = string.Join('&', parts.OfType<string>());
        return query.Length == 0 ? "/credits" : $"/credits?{query}";
    }

    private static long? Seq(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seq) ? seq : null;
}
