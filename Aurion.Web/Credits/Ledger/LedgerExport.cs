using System.Globalization;
using System.Text;
using Aurion.Data.Credits;

namespace Aurion.Web.Credits.Ledger;

/// <summary>The whole ledger as CSV (RFC 4180): the column "credits" adds up to the balance.</summary>
public static class LedgerExport
{
    internal static void MapLedgerExport(this WebApplication app) =>
        app.MapGet("/credits/ledger.csv", SendAsync).RequireAuthorization();

    private static async Task SendAsync(HttpContext http, LedgerStore ledger, MovementWords words, CancellationToken ct)
    {
        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = "attachment; filename=\"aurion-credits.csv\"";
        http.Response.Headers.CacheControl = "no-store";
        await WriteAsync(http.Response.Body, ledger.StreamAllAsync(http.User.Id(), ct), words);
    }

    internal static async Task WriteAsync(Stream file, IAsyncEnumerable<Movement> movements, MovementWords words)
    {
        // Spreadsheets take the mark at the beginning as the sign for UTF-8.
        await using var csv = new StreamWriter(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        await csv.WriteAsync("seq,time,movement,action,credits,balance_after,actor\r\n");
        await foreach (var movement in movements)
            await csv.WriteAsync(string.Create(CultureInfo.InvariantCulture,
                $"{movement.Seq},{movement.At.UtcDateTime:O},{Cell(words.Of(movement))},{Cell(movement.Action)},{movement.Delta},{movement.BalanceAfter},{Cell(movement.Actor)}\r\n"));
    }

    // A cell that begins like a formula is one to a spreadsheet.
    internal static string Cell(string text)
    {
        var plain = text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + text : text;
        return plain.AsSpan().IndexOfAny(",\"\r\n") < 0 ? plain : $"\"{plain.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
