using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Aurion.Data.Billing;
using Aurion.Web.Infrastructure.Settings;
using Stripe;

namespace Aurion.Web.Billing.Stripe;

/// <summary>What Aurion asks of Stripe, in our own words; nothing outside of this folder knows Stripe.net. Reading comes first, then changes.</summary>
/// <exception cref="StripeRefusedException">Stripe understood and said no.</exception>
/// <exception cref="StripeUnreachableException">Stripe did not answer, or not usefully; the same call may work later.</exception>
public sealed partial class StripeGateway(HttpClient http, StripeOptions options, StripeAttemptStore attempts)
{
    // A person waits for the answer; whoever asks again goes on from here.
    private const int MostTries = 2;

    // A person waits for most of these calls: one more try, and no telemetry about them.
    private readonly V1Services stripe = new StripeClient(new StripeClientOptions
    {
        ApiKey = options.SecretKey,
        ApiBase = options.ApiBase.GetLeftPart(UriPartial.Authority),
        HttpClient = new SystemNetHttpClient(http, maxNetworkRetries: 1, enableTelemetry: false),
    }).V1;

    private static readonly List<string> InvoiceAndCard = ["latest_invoice", "default_payment_method", "schedule", "discounts"];

    /// <summary>The subscription with its latest invoice, which one call brings together.</summary>
    public async Task<(StripeSubscription Subscription, StripeInvoice? LatestInvoice)?> FindSubscriptionAsync(string id, CancellationToken ct)
    {
        if (await FindAsync(stripe.Subscriptions.GetAsync(id, new() { Expand = InvoiceAndCard }, null, ct)) is not { } found)
            return null;
        return (found.ToSubscription(), found.LatestInvoice is { } invoice ? await WholeAsync(invoice, ct) : null);
    }

    public async Task<StripeInvoice?> FindInvoiceAsync(string id, CancellationToken ct) =>
        await FindAsync(stripe.Invoices.GetAsync(id, null, null, ct)) is { } invoice ? await WholeAsync(invoice, ct) : null;

    public async Task<StripeCheckout?> FindCheckoutAsync(string id, CancellationToken ct) =>
        (await FindAsync(stripe.Checkout.Sessions.GetAsync(id, null, null, ct)))?.ToCheckout();

    /// <summary>An embedded list holds its first ten elements; an invoice is read to its last line.</summary>
    private async Task<StripeInvoice> WholeAsync(global::Stripe.Invoice invoice, CancellationToken ct) => invoice.ToInvoice(invoice.Lines is { HasMore: true }
        ? await ListAsync(stripe.Invoices.LineItems.ListAutoPagingAsync(invoice.Id, new() { Limit = 100 }, null, ct), ct).ToListAsync(ct)
        : invoice.Lines?.Data ?? []);

    /// <summary>Null when Stripe has no such object.</summary>
    private static async Task<T?> FindAsync<T>(Task<T> call) where T : class
    {
        try
        {
            return await CallAsync(call);
        }
        catch (StripeRefusedException refusal) when (refusal.IsMissing)
        {
            return null;
        }
    }

    private static async IAsyncEnumerable<T> ListAsync<T>(IAsyncEnumerable<T> pages, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var elements = pages.GetAsyncEnumerator(ct);
        while (await CallAsync(elements.MoveNextAsync().AsTask()))
            yield return elements.Current;
    }

    private static async Task<T?> FirstAsync<T>(IAsyncEnumerable<T> elements, Func<T, bool> fits) where T : class
    {
        await foreach (var element in elements)
        {
            if (fits(element))
                return element;
        }
        return null;
    }

    /// <summary>
    /// Makes a write happen once for a wish, however often it is asked for. Stripe keeps the first answer of an idempotency key for 24 hours, a 500
    /// and a refusal of changed parameters included; such an answer says that an earlier try has ended, not how. So look for what it made,
    /// and otherwise try under the key of the next attempt. https://docs.stripe.com/api/idempotent_requests
    /// </summary>
    private async Task<T> OnceAsync<T>(string wish, Func<RequestOptions, Task<T>> write, Func<Task<T?>> find, CancellationToken ct) where T : class
    {
        for (var (attempt, tries) = (await attempts.GetAsync(wish, ct), 1); ; tries++)
        {
            try
            {
                return await CallAsync(write(new() { IdempotencyKey = string.Create(CultureInfo.InvariantCulture, $"{wish}:{attempt}") }));
            }
            catch (StripeFault answer) when (answer is StripeUnreachableException { IsKept: true } or StripeRefusedException { IsKeyUsed: true })
            {
                if (await find() is { } made)
                    return made;
                attempt = await attempts.NextAsync(wish, attempt, ct);
                if (tries == MostTries)
                    throw;
            }
        }
    }

    private static async Task<T> CallAsync<T>(Task<T> call)
    {
        try
        {
            return await call;
        }
        catch (StripeException answer) when (answer.StripeError is { } error && IsRefusal(answer.HttpStatusCode))
        {
            throw new StripeRefusedException((int)answer.HttpStatusCode, error.Code ?? error.Type ?? "", error.Param, error.DeclineCode, answer.Message);
        }
        catch (StripeException answer)
        {
            throw new StripeUnreachableException($"Stripe answered {(int)answer.HttpStatusCode}: {answer.Message}", answer)
            {
                IsKept = answer.StripeResponse?.Headers?.TryGetValues("Idempotent-Replayed", out var replayed) == true && replayed.Contains("true"),
            };
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException { InnerException: TimeoutException })
        {
            throw new StripeUnreachableException("Stripe did not answer.", fault);
        }
    }

    /// <summary>Whether the answer is about the call; too many calls, calls at the same time and our key are not.</summary>
    private static bool IsRefusal(HttpStatusCode status) =>
        status is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError
        && status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests or HttpStatusCode.Conflict);

    private static RequestOptions Key(string key) => new() { IdempotencyKey = key };
}
