using System.Globalization;
using Aurion.Data.Billing;

namespace Aurion.Web.Billing.Stripe;

/// <summary>What the shop needs at Stripe, made once: each call finds what is there and creates only what is not.</summary>
public sealed partial class StripeGateway
{
    private const string Currency = "usd";

    /// <summary>The product of a plan, under an id that we choose.</summary>
    public async Task<string> EnsureProductAsync(Plan plan, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var id = $"aurion_{plan.Id}";
        if (await FindAsync(StripeCall.Get($"/v1/products/{id}"), ct) is null)
            await stripe.SendAsync(StripeCall.Post("/v1/products", $"setup:{id}", new StripeForm
            {
                ["id"] = id,
                ["name"] = $"AURION {plan.Name}",
                ["description"] = string.Create(CultureInfo.InvariantCulture, $"{plan.Credits:N0} credits a month"),
                ["metadata[aurion_plan]"] = plan.Id,
            }), ct);
        return id;
    }

    /// <summary>The price of a plan under a lookup key; a changed amount makes a new price, which takes the key over.</summary>
    public async Task<PlanPrice> EnsurePriceAsync(string plan, string product, string interval, int cents, CancellationToken ct)
    {
        var key = $"aurion_{plan}_{interval}";
        var amount = cents.ToString(CultureInfo.InvariantCulture);
        var list = await stripe.SendAsync(StripeCall.Get("/v1/prices", new StripeForm { ["lookup_keys[0]"] = key, ["active"] = "true" }), ct);
        var price = list.List("data").FirstOrDefault(p =>
            p.Int("unit_amount") == cents && p.Text("currency") == Currency && p.Id("product") == product && p.Text("recurring", "interval") == interval);
        if (price.Text("id") is null)
            price = await stripe.SendAsync(StripeCall.Post("/v1/prices", $"setup:{key}:{product}:{amount}", new StripeForm
            {
                ["product"] = product,
                ["currency"] = Currency,
                ["unit_amount"] = amount,
                ["recurring[interval]"] = interval,
                ["lookup_key"] = key,
                ["transfer_lookup_key"] = "true",
                ["nickname"] = $"{plan} {interval}",
            }), ct);
        return new PlanPrice(price.Required("id"), product, plan, interval, Currency, cents);
    }

    /// <summary>The prices of a product that somebody made by hand.</summary>
    public async Task<IReadOnlyList<PlanPrice>> ListPricesAsync(string plan, string product, CancellationToken ct)
    {
        var list = await stripe.SendAsync(StripeCall.Get("/v1/prices", new StripeForm { ["product"] = product, ["active"] = "true", ["limit"] = "100" }), ct);
        return [.. list.List("data")
            .Where(p => p.Text("recurring", "interval") is "month" or "year" && p.Int("recurring", "interval_count") <= 1 && p.Int("unit_amount") > 0)
            .Select(p => new PlanPrice(p.Required("id"), product, plan, p.Text("recurring", "interval")!, p.Text("currency") ?? "", p.Int("unit_amount")))];
    }

    /// <summary>The secret is given by Stripe once, when the endpoint is made; null when it was there.</summary>
    public async Task<string?> EnsureWebhookAsync(string url, IReadOnlyList<string> types, CancellationToken ct)
    {
        var list = await stripe.SendAsync(StripeCall.Get("/v1/webhook_endpoints", new StripeForm { ["limit"] = "100" }), ct);
        var form = new StripeForm();
        for (var i = 0; i < types.Count; i++)
            form[$"enabled_events[{i}]"] = types[i];

        var known = list.List("data").FirstOrDefault(e => e.Text("url") == url);
        if (known.Text("id") is { } id)
        {
            var enabled = known.List("enabled_events").Select(e => e.GetString()!).ToList();
            if (!enabled.Contains("*") && types.Except(enabled).Any())
                await stripe.SendAsync(StripeCall.Post($"/v1/webhook_endpoints/{id}", $"setup:{id}:{Fingerprint(types)}", form), ct);
            return null;
        }
        form["url"] = url;
        form["description"] = "AURION";
        return (await stripe.SendAsync(StripeCall.Post("/v1/webhook_endpoints", $"setup:webhook:{url}:{Fingerprint(types)}", form), ct)).Text("secret");
    }

    /// <summary>The portal shows cards and invoices; plans are changed with us, where the preview is.</summary>
    public async Task EnsurePortalAsync(string returnUrl, CancellationToken ct)
    {
        var list = await stripe.SendAsync(StripeCall.Get("/v1/billing_portal/configurations", new StripeForm { ["is_default"] = "true", ["limit"] = "1" }), ct);
        var form = new StripeForm
        {
            ["default_return_url"] = returnUrl,
            ["business_profile[headline]"] = "AURION",
            ["features[invoice_history][enabled]"] = "true",
            ["features[payment_method_update][enabled]"] = "true",
            ["features[subscription_cancel][enabled]"] = "false",
            ["features[subscription_update][enabled]"] = "false",
        };
        var known = list.List("data").FirstOrDefault();
        if (known.Text("id") is not { } id)
            await stripe.SendAsync(StripeCall.Post("/v1/billing_portal/configurations", "setup:portal", form), ct);
        else if (known.Text("default_return_url") != returnUrl || known.Flag("features", "subscription_update", "enabled") || known.Flag("features", "subscription_cancel", "enabled"))
            await stripe.SendAsync(StripeCall.Post($"/v1/billing_portal/configurations/{id}", $"setup:{id}:{returnUrl}", form), ct);
    }

    private static string Fingerprint(IEnumerable<string> types) =>
        Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join(',', types))))[..12];
}
