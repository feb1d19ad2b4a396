using System.Text;

namespace Aurion.Web.Billing.Stripe;

/// <summary>One request in Stripe's form encoding. A write carries an idempotency key, so that a retry cannot do it twice.</summary>
public sealed record StripeCall(HttpMethod Method, string Path, string Form, string? IdempotencyKey)
{
    public static StripeCall Get(string path, StripeForm? query = null) =>
        new(HttpMethod.Get, query is null ? path : $"{path}?{Encode(query)}", "", null);

    public static StripeCall Post(string path, string idempotencyKey, StripeForm? form = null) =>
        new(HttpMethod.Post, path, Encode(form ?? []), idempotencyKey);

    public static StripeCall Delete(string path, string idempotencyKey) =>
        new(HttpMethod.Delete, path, "", idempotencyKey);

    private static string Encode(StripeForm form)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in form)
        {
            if (value is null)
                continue;
            text.Append(text.Length == 0 ? "" : "&").Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        }
        return text.ToString();
    }
}

/// <summary>Names in Stripe's bracket notation; a null value is left out.</summary>
public sealed class StripeForm : Dictionary<string, string?>
{
    public StripeForm() : base(StringComparer.Ordinal) { }
}
