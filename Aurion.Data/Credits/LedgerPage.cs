namespace Aurion.Data.Credits;

/// <summary>A page of the ledger, newest first, and the rows from which its neighbours begin.</summary>
public sealed record LedgerPage(Balance Balance, IReadOnlyList<Movement> Movements, long? OlderThan, long? NewerThan)
{
    // The row beyond the page says that there is a further one; the other neighbour is where the reader came from.
    internal static LedgerPage Of(Balance balance, IReadOnlyList<Movement> rows, LedgerQuery query, int size)
    {
        var forward = query.NewerThan is not null;
        Movement[] page = [.. forward ? rows.Take(size).Reverse() : rows.Take(size)];
        var more = rows.Count > size;
        var hasOlder = page.Length > 0 && (forward || more);
        var hasNewer = page.Length > 0 && (forward ? more : query.OlderThan is not null);
        return new LedgerPage(balance, page, hasOlder ? page[^1].Seq : null, hasNewer ? page[0].Seq : null);
    }
}
