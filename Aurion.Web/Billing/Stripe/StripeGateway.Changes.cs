using System.Globalization;
using System.Text.Json;

namespace Aurion.Web.Billing.Stripe;

/// <summary>Changes of a subscription. Each carries the operation of the person who pressed the button.</summary>
public sealed partial class StripeGateway
{
    /// <summary>What a change to another price would cost at an instant; the same words as the change itself.</summary>
    public async Task<StripeInvoice> PreviewChangeAsync(StripeSubscription subscription, string price, DateTimeOffset at, Guid operationId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        return StripeReading.Invoice(await stripe.SendAsync(StripeCall.Post("/v1/invoices/create_preview", $"preview:{operationId}", new StripeForm
        {
            ["subscription"] = subscription.Id,
            ["subscription_details[items][0][id]"] = subscription.ItemId,
            ["subscription_details[items][0][price]"] = price,
            ["subscription_details[proration_behavior]"] = "always_invoice",
            ["subscription_details[proration_date]"] = at.Seconds(),
        }), ct));
    }

    /// <summary>Changes the price now and bills the difference; the price stays as it was until that is paid.</summary>
    public Task ChangeNowAsync(StripeSubscription subscription, string price, DateTimeOffset at, Guid operationId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        return UpdateAsync(subscription.Id, $"change:{operationId}", new StripeForm
        {
            ["items[0][id]"] = subscription.ItemId,
            ["items[0][price]"] = price,
            ["proration_behavior"] = "always_invoice",
            ["proration_date"] = at.Seconds(),
            ["payment_behavior"] = "pending_if_incomplete",
        }, ct);
    }

    /// <summary>Lets the next period begin with another price.</summary>
    public async Task ChangeAtPeriodEndAsync(StripeSubscription subscription, string price, Guid operationId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        var schedule = await stripe.SendAsync(StripeCall.Post("/v1/subscription_schedules", $"schedule:{operationId}", new StripeForm { ["from_subscription"] = subscription.Id }), ct);
        var id = schedule.Required("id");
        await stripe.SendAsync(StripeCall.Post($"/v1/subscription_schedules/{id}", $"phases:{operationId}", new StripeForm
        {
            ["end_behavior"] = "release",
            ["phases[0][items][0][price]"] = subscription.ItemPrice,
            ["phases[0][items][0][quantity]"] = "1",
            ["phases[0][start_date]"] = subscription.CurrentPeriodStart.Seconds(),
            ["phases[0][end_date]"] = subscription.CurrentPeriodEnd.Seconds(),
            ["phases[1][items][0][price]"] = price,
            ["phases[1][items][0][quantity]"] = "1",
            ["phases[1][proration_behavior]"] = "none",
        }), ct);
    }

    /// <summary>Forgets a change that was to come; what is paid stays.</summary>
    public Task DropPlannedChangeAsync(string schedule, Guid operationId, CancellationToken ct) =>
        stripe.SendAsync(StripeCall.Post($"/v1/subscription_schedules/{schedule}/release", $"release:{operationId}"), ct);

    public Task CancelAtPeriodEndAsync(string subscription, bool cancel, Guid operationId, CancellationToken ct) =>
        UpdateAsync(subscription, string.Create(CultureInfo.InvariantCulture, $"cancel:{operationId}:{cancel}"), new StripeForm { ["cancel_at_period_end"] = cancel ? "true" : "false" }, ct);

    /// <summary>Whether the invoice waits for the person (3-D Secure) rather than having been declined.</summary>
    public async Task<bool> WaitsForPersonAsync(string invoice, CancellationToken ct)
    {
        var payments = await stripe.SendAsync(StripeCall.Get("/v1/invoice_payments", new StripeForm { ["invoice"] = invoice }), ct);
        return payments.List("data").Select(p => p.Id("payment", "payment_intent")).OfType<string>().LastOrDefault() is { } intent
            && await FindAsync(StripeCall.Get($"/v1/payment_intents/{intent}"), ct) is { } found
            && found.Text("status") == "requires_action";
    }

    /// <summary>Gives up an invoice that was not paid, and with it the change that waited for it.</summary>
    public Task VoidInvoiceAsync(string invoice, CancellationToken ct) =>
        stripe.SendAsync(StripeCall.Post($"/v1/invoices/{invoice}/void", $"void:{invoice}"), ct);

    private Task<JsonElement> UpdateAsync(string id, string key, StripeForm form, CancellationToken ct) =>
        stripe.SendAsync(StripeCall.Post($"/v1/subscriptions/{Uri.EscapeDataString(id)}", key, form), ct);
}
