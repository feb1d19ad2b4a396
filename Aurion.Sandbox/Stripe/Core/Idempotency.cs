using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Aurion.Sandbox.Stripe.Core;

/// <summary>The same key with the same parameters gets the first answer again; with others it is refused. The answer is stored in the transaction that it describes.</summary>
internal static class Idempotency
{
    private const long KeptFor = 24 * 3600;

    public static async Task<(int Status, JsonObject Body)> OnceAsync(
        StripeStore store, string key, string request, string requestId, Func<StripeTransaction, Task<JsonObject>> run, Action replayed)
    {
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(request)));
        return await store.WriteAsync(async tx =>
        {
            if (await tx.FindAnswerAsync(key, tx.Now - KeptFor) is { } known)
            {
                if (known.Request != hash)
                    throw new StripeError(400, "idempotency_error", $"Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '{key}' if you meant to execute a different request.");
                replayed();
                return (known.Status, (JsonObject)JsonNode.Parse(known.Body)!);
            }
            var (status, body) = await AttemptAsync(tx, requestId, run);
            await tx.KeepAnswerAsync(key, hash, status, body.ToJsonString(Json.Compact));
            return (status, body);
        }, requestId, key);
    }

    // A decline is an answer that counts: what it changed stays, and so does the answer. Other errors undo everything and may be tried again.
    private static async Task<(int, JsonObject)> AttemptAsync(StripeTransaction tx, string requestId, Func<StripeTransaction, Task<JsonObject>> run)
    {
        try
        {
            return (200, await run(tx));
        }
        catch (StripeError e) when (e.KeepsChanges)
        {
            return (e.Status, e.Body(requestId));
        }
    }
}
