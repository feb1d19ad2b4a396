using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;
using NpgsqlTypes;

namespace Aurion.Sandbox.Stripe.Seed;

internal static class SeedWriter
{
    public static async Task WriteAsync(StripeStore store, IReadOnlyList<JsonObject> objects)
    {
        await using var connection = await store.Database.OpenConnectionAsync();
        await using var import = await connection.BeginBinaryImportAsync("COPY objects (id, object, created, customer, due_at, data) FROM STDIN (FORMAT BINARY)");
        foreach (var o in objects.OrderBy(o => o.Long("created")))
        {
            await import.StartRowAsync();
            await import.WriteAsync(o.Id(), NpgsqlDbType.Text);
            await import.WriteAsync(o.Str("object")!, NpgsqlDbType.Text);
            await import.WriteAsync(o.Long("created"), NpgsqlDbType.Bigint);
            await WriteOrNullAsync(import, StripeTransaction.CustomerOf(o), NpgsqlDbType.Text);
            await WriteOrNullAsync(import, Due.At(o), NpgsqlDbType.Bigint);
            await import.WriteAsync(o.Text(), NpgsqlDbType.Json);
        }
        await import.CompleteAsync();
    }

    private static Task WriteOrNullAsync<T>(Npgsql.NpgsqlBinaryImporter import, T? value, NpgsqlDbType type) =>
        value is null ? import.WriteNullAsync() : import.WriteAsync(value, type);
}
