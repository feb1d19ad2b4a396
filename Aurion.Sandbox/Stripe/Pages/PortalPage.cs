using System.Text.Json.Nodes;
using Aurion.Sandbox.Look;
using Aurion.Sandbox.Stripe.Billing;
using Aurion.Sandbox.Stripe.Core;
using Aurion.Sandbox.Stripe.Resources;

namespace Aurion.Sandbox.Stripe.Pages;

/// <summary>The customer's own page: plan, payment methods, invoices, as far as the portal's configuration allows.</summary>
internal static class PortalPage
{
    private sealed record OpenPortal(JsonObject Session, JsonObject Customer, JsonObject Features, PageText Text)
    {
        public bool Allows(string feature) => Features.Obj(feature).Bool("enabled");
        public string Path => "/p/session/" + Session.Id();
    }

    public static void Map(WebApplication app, StripeStore store)
    {
        app.MapGet("/p/session/{id}", (string id, HttpContext http) => store.ReadAsync(tx => ShowAsync(tx, http, id, null)));
        Act(app, store, "cancel", (tx, portal, form) => SetEndAsync(tx, portal, form, atPeriodEnd: true));
        Act(app, store, "resume", (tx, portal, form) => SetEndAsync(tx, portal, form, atPeriodEnd: false));
        Act(app, store, "update", UpdateAsync);
        Act(app, store, "default", MakeDefaultAsync);
        app.MapPost("/p/session/{id}/card", async (string id, HttpContext http) =>
        {
            var posted = await http.Request.ReadFormAsync();
            var problem = await store.WriteAsync(tx => AddCardAsync(tx, http, id, posted));
            return problem is null ? Results.Redirect($"/p/session/{id}") : await store.ReadAsync(tx => ShowAsync(tx, http, id, problem));
        });
    }

    private static void Act(WebApplication app, StripeStore store, string verb, Func<StripeTransaction, OpenPortal, IFormCollection, Task<string?>> act) =>
        app.MapPost("/p/session/{id}/" + verb, async (string id, HttpContext http) =>
        {
            var posted = await http.Request.ReadFormAsync();
            var note = await store.WriteAsync(async tx => await OpenAsync(tx, http, id) is { } portal ? await act(tx, portal, posted) : null);
            return Results.Redirect($"/p/session/{id}" + (note is null ? "" : "?note=" + note));
        });

    private static async Task<OpenPortal?> OpenAsync(StripeTransaction tx, HttpContext http, string id)
    {
        if (await tx.FindAsync(id) is not { } session || session.Str("object") != "billing_portal.session")
            return null;
        var customer = await tx.GetCustomerAsync(session.Str("customer")!);
        if (customer.Str("test_clock") is null && tx.Now > session.Long("created") + PortalSessions.OpenFor)
            return null;
        var configuration = await tx.GetAsync("billing_portal.configuration", session.Str("configuration")!);
        return new OpenPortal(session, customer, configuration.Obj("features")!, PageText.For(http, session.Str("locale")));
    }

    private static async Task<JsonObject?> SubscriptionAsync(StripeTransaction tx, OpenPortal portal) =>
        (await tx.OfCustomerAsync("subscription", portal.Customer.Id())).LastOrDefault(s => s.Str("status") is "active" or "past_due" or "unpaid");

    private static async Task<string?> SetEndAsync(StripeTransaction tx, OpenPortal portal, IFormCollection form, bool atPeriodEnd)
    {
        if (!portal.Allows("subscription_cancel") || await SubscriptionAsync(tx, portal) is not { } subscription)
            return null;
        subscription["cancel_at_period_end"] = atPeriodEnd;
        subscription["cancel_at"] = atPeriodEnd ? SubscriptionChange.PeriodOf(subscription).End : null;
        subscription["canceled_at"] = atPeriodEnd ? tx.Now : null;
        subscription.Obj("cancellation_details")!["reason"] = atPeriodEnd ? "cancellation_requested" : null;
        tx.Update("customer.subscription.updated", subscription);
        return null;
    }

    private static async Task<string?> UpdateAsync(StripeTransaction tx, OpenPortal portal, IFormCollection form)
    {
        if (!portal.Allows("subscription_update") || await SubscriptionAsync(tx, portal) is not { } subscription)
            return null;
        var offered = OfferedPrices(portal);
        var price = form["price"].ToString();
        if (!offered.Contains(price, StringComparer.Ordinal))
            return null;
        var item = subscription.Data("items").First().Id();
        var behavior = portal.Features.Obj("subscription_update").Str("proration_behavior") ?? "none";
        await SubscriptionUpdate.BillAsync(tx, portal.Customer, subscription, Params.Parse($"items[0][id]={item}&items[0][price]={price}&proration_behavior={behavior}"), "pending_if_incomplete");
        tx.Update("customer.subscription.updated", subscription);
        return subscription["pending_update"] is null ? "changed" : "unpaid";
    }

    private static List<string> OfferedPrices(OpenPortal portal) =>
        [.. portal.Features.Obj("subscription_update").Arr("products").OfType<JsonObject>().SelectMany(p => p.Arr("prices").Select(x => (string)x!))];

    private static async Task<string?> MakeDefaultAsync(StripeTransaction tx, OpenPortal portal, IFormCollection form)
    {
        if (portal.Allows("payment_method_update") && await tx.FindAsync(form["method"].ToString()) is { } method && method.Str("customer") == portal.Customer.Id())
            await UseAsync(tx, portal, method);
        return null;
    }

    // The portal makes the new card the one that the next invoice is charged to.
    private static async Task UseAsync(StripeTransaction tx, OpenPortal portal, JsonObject method)
    {
        portal.Customer.Obj("invoice_settings")!["default_payment_method"] = method.Id();
        tx.Update("customer.updated", portal.Customer);
        if (await SubscriptionAsync(tx, portal) is not { } subscription)
            return;
        subscription["default_payment_method"] = method.Id();
        tx.Update("customer.subscription.updated", subscription);
    }

    private static async Task<CardForm?> AddCardAsync(StripeTransaction tx, HttpContext http, string id, IFormCollection posted)
    {
        if (await OpenAsync(tx, http, id) is not { } portal || !portal.Allows("payment_method_update"))
            return null;
        var typed = CardForm.Read(posted, portal.Customer.Str("email") ?? "customer@unknown");
        if (typed.Check(portal.Text, DateTimeOffset.FromUnixTimeSeconds(tx.Now)) is not { } entry)
            return typed;
        if (entry.Card is { Code: not null, OnlyOnSession: false })
            return typed with { Declined = portal.Text[entry.Card.Message] };
        var method = PaymentMethods.New(tx, entry.Card, entry.Month, entry.Year, entry.Email, entry.Name);
        method["_set_up"] = true;
        tx.Add(method);
        await PaymentMethods.AttachAsync(tx, method.Id(), portal.Customer.Id());
        await UseAsync(tx, portal, method);
        return null;
    }

    private static async Task<IResult> ShowAsync(StripeTransaction tx, HttpContext http, string id, CardForm? form)
    {
        if (await OpenAsync(tx, http, id) is not { } portal)
            return Page.Show<ExpiredPage>(new { Text = PageText.For(http, null) }, StatusCodes.Status410Gone);
        var subscription = await SubscriptionAsync(tx, portal);
        var view = new PortalView(portal.Path, portal.Customer.Str("email"), portal.Session.Str("return_url"), http.Request.Query["note"].ToString())
        {
            Plan = subscription is null ? null : await PlanAsync(tx, portal, subscription),
            Methods = await tx.OfCustomerAsync("payment_method", portal.Customer.Id()),
            UsedMethod = subscription.Str("default_payment_method") ?? portal.Customer.Obj("invoice_settings").Str("default_payment_method"),
            CanAddCard = portal.Allows("payment_method_update"),
            Invoices = portal.Allows("invoice_history")
                ? (await tx.OfCustomerAsync("invoice", portal.Customer.Id())).Where(i => i.Str("status") != "draft").Reverse().ToList()
                : null,
        };
        return Page.Show<Portal>(new { portal.Text, View = view, Form = form }, form is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<PortalPlan> PlanAsync(StripeTransaction tx, OpenPortal portal, JsonObject subscription)
    {
        var price = subscription.Data("items").First().Obj("price")!;
        var offers = new List<PortalPrice>();
        if (portal.Allows("subscription_update"))
            foreach (var id in OfferedPrices(portal).Where(p => p != price.Id()))
                if (await tx.FindAsync(id) is { } offer)
                    offers.Add(await PriceAsync(tx, portal.Text, offer));
        return new PortalPlan(
            await PriceAsync(tx, portal.Text, price), subscription.Bool("cancel_at_period_end"), portal.Text.Day(SubscriptionChange.PeriodOf(subscription).End), offers,
            portal.Allows("subscription_cancel"));
    }

    private static async Task<PortalPrice> PriceAsync(StripeTransaction tx, PageText text, JsonObject price) =>
        new(price.Id(), await InvoiceLines.NameAsync(tx, price), text.Money(price.Long("unit_amount"), price.Str("currency")!) + text.Each(price));
}
