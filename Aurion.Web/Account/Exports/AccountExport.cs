using System.IO.Compression;
using System.Text.Json;
using Aurion.Data.Account;
using Aurion.Data.Credits;
using Aurion.Web.Ai.Images;
using Aurion.Web.Credits.Ledger;
using Aurion.Web.Infrastructure.Settings;

namespace Aurion.Web.Account.Exports;

/// <summary>
/// A person's own data to take along (GDPR, articles 15 and 20), as a ZIP: account.json with everything, credits.csv with the
/// movements, which add up to the balance in account.json, pictures/ with what was drawn, and attachments/ with what was shown to models.
/// </summary>
public sealed class AccountExport(AccountExportStore export, LedgerStore ledger, MovementWords words, PictureArchive archive, RetentionOptions retention, TimeProvider clock)
{
    private const int FlushAt = 64 * 1024;
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Row by row as they are read. The file must not be slow to write to: a connection to the database waits for it.</summary>
    public async Task WriteAsync(Guid userId, Stream file, CancellationToken ct)
    {
        await using var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true);
        var movements = await export.ReadAsync(userId, rows => WriteJsonAsync(zip, rows, retention, clock.GetUtcNow(), ct), ct);
        // Movements are only ever added: the first ones are those of the moment of the JSON.
        await using (var csv = await zip.CreateEntry("credits.csv").OpenAsync(ct))
            await LedgerExport.WriteAsync(csv, ledger.StreamAllAsync(userId, ct).Take(movements), words);
        // The storage is asked when no connection to the database waits for it.
        foreach (var (name, key) in await export.ReadPicturesAsync(userId, pictures => WritePicturesAsync(zip, pictures, ct), ct))
            if (await archive.FindObjectAsync(key, ct) is { } content)
                await AddAsync(zip, name, content, ct);
    }

    /// <summary>Writes those that are at hand; returns the names and keys of those that are objects of the storage.</summary>
    private static async Task<List<(string Name, string Key)>> WritePicturesAsync(
        ZipArchive zip, IAsyncEnumerable<(string Folder, Guid Id, byte[]? Content, string? ObjectKey)> pictures, CancellationToken ct)
    {
        var stored = new List<(string, string)>();
        await foreach (var (folder, id, content, key) in pictures.WithCancellation(ct))
        {
            var name = $"{folder}/{id}.jpg";
            if (content is null)
                stored.Add((name, key!));
            else
                await AddAsync(zip, name, content, ct);
        }
        return stored;
    }

    private static async Task AddAsync(ZipArchive zip, string name, byte[] content, CancellationToken ct)
    {
        await using var entry = await zip.CreateEntry(name, CompressionLevel.NoCompression).OpenAsync(ct);
        await entry.WriteAsync(content, ct);
    }

    /// <summary>An object with one array for each section; returns how many movements are in it.</summary>
    private static async Task<int> WriteJsonAsync(ZipArchive zip, IAsyncEnumerable<ExportedRow> rows, RetentionOptions retention, DateTimeOffset now, CancellationToken ct)
    {
        await using var entry = await zip.CreateEntry("account.json").OpenAsync(ct);
        await using var json = new Utf8JsonWriter(entry);
        var (movements, sections) = (0, AccountExportStore.Sections.GetEnumerator());
        json.WriteStartObject();
        json.WriteString("exported_at", now.UtcDateTime);
        json.WritePropertyName("kept_days");
        JsonSerializer.Serialize(json, retention, Names);
        sections.MoveNext();
        json.WriteStartArray(sections.Current);
        await foreach (var row in rows.WithCancellation(ct))
        {
            while (row.Section != sections.Current)
                Next();
            json.WriteRawValue(row.Json);
            movements += row.Section == AccountExportStore.Movements ? 1 : 0;
            if (json.BytesPending > FlushAt)
                await json.FlushAsync(ct);
        }
        while (Next())
        {
        }
        json.WriteEndObject();
        return movements;

        bool Next()
        {
            json.WriteEndArray();
            if (!sections.MoveNext())
                return false;
            json.WriteStartArray(sections.Current);
            return true;
        }
    }
}
