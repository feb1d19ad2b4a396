using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Aurion.Sandbox.Stripe.Core;

/// <summary>
/// One key of the account, one answer: the same request gets the first answer again for 24 hours, errors and 500s included; another request is refused.
/// The answer is stored in the transaction that it describes. Source: Stripe's documentation, "Idempotent requests" and "Advanced error handling".
/// </summary>
internal static class Idempotency
{
    private const long KeptFor = 24 * 3600;
    private const int LongestKey = 255;

    public static async Task<(int Status, JsonObject Body)> OnceAsync(
        StripeStore store, string key, string path, string form, string requestId, Func<StripeTransaction, Task<(int, JsonObject)>> run, Action replayed)
    {
        if (key.Length > LongestKey)
            throw StripeError.Invalid($"Idempotency keys are at most {LongestKey} characters long.", "Idempotency-Key");
        var request = path + " " + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(form)));
        return await store.WriteAsync(async tx =>
        {
            if (await tx.FindAnswerAsync(key, tx.Clock - KeptFor) is { } known)
            {
                if (known.Request != request)
                    throw Misused(key, path, known.Request.Split(' ')[0]);
                replayed();
                return (known.Status, (JsonObject)JsonNode.Parse(known.Body)!);
            }
            var (status, body) = await AttemptAsync(tx, requestId, run);
            await tx.KeepAnswerAsync(key, request, status, body.ToJsonString(Json.Compact));
            return (status, body);
        }, requestId, key);
    }

    private static StripeError Misused(string key, string path, string first) => new(400, "idempotency_error", path == first
        ? $"Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '{key}' if you meant to execute a different request."
        : $"Keys for idempotent requests can only be used for the same endpoint they were first used for ('{path}' vs '{first}'). Try using a key other than '{key}' if you meant to execute a different request.");

    // Parameters that fail validation never reach the endpoint: nothing is kept, and the key may be used again.
    private static async Task<(int, JsonObject)> AttemptAsync(StripeTransaction tx, string requestId, Func<StripeTransaction, Task<(int, JsonObject)>> run)
    {
        try
        {
            return await run(tx);
        }
        catch (StripeError e) when (e.KeepsChanges)
        {
            return (e.Status, e.Body(requestId));
        }
        catch (StripeError e) when (!e.IsValidation)
        {
            tx.Undo();
            return (e.Status, e.Body(requestId));
        }
    }
}
