using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Billing;
using Aurion.Sandbox.Stripe.Core;
using Aurion.Sandbox.Stripe.Resources;

namespace Aurion.Sandbox.Stripe.Pages;

/// <summary>The customer's own page: plan, payment methods, invoices, as far as the portal's configuration allows.</summary>
internal static class PortalPage
{
    private sealed record Portal(JsonObject Session, JsonObject Customer, JsonObject Features, PageText Text)
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

    private static void Act(WebApplication app, StripeStore store, string verb, Func<StripeTransaction, Portal, IFormCollection, Task<string?>> act) =>
        app.MapPost("/p/session/{id}/" + verb, async (string id, HttpContext http) =>
        {
            var posted = await http.Request.ReadFormAsync();
            var note = await store.WriteAsync(async tx => await OpenAsync(tx, http, id) is { } portal ? await act(tx, portal, posted) : null);
            return Results.Redirect($"/p/session/{id}" + (note is null ? "" : "?note=" + note));
        });

    private static async Task<Portal?> OpenAsync(StripeTransaction tx, HttpContext http, string id)
    {
        if (await tx.FindAsync(id) is not { } session || session.Str("object") != "billing_portal.session")
            return null;
        var customer = await tx.GetCustomerAsync(session.Str("customer")!);
        if (customer.Str("test_clock") is null && tx.Now > session.Long("created") + PortalSessions.OpenFor)
            return null;
        var configuration = await tx.GetAsync("billing_portal.configuration", session.Str("configuration")!);
        return new Portal(session, customer, configuration.Obj("features")!, PageText.For(http, session.Str("locale")));
    }

    private static async Task<JsonObject?> SubscriptionAsync(StripeTransaction tx, Portal portal) =>
        (await tx.OfCustomerAsync("subscription", portal.Customer.Id())).LastOrDefault(s => s.Str("status") is "active" or "past_due" or "unpaid");

    private static async Task<string?> SetEndAsync(StripeTransaction tx, Portal portal, IFormCollection form, bool atPeriodEnd)
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

    private static async Task<string?> UpdateAsync(StripeTransaction tx, Portal portal, IFormCollection form)
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

    private static List<string> OfferedPrices(Portal portal) =>
        [.. portal.Features.Obj("subscription_update").Arr("products").OfType<JsonObject>().SelectMany(p => p.Arr("prices").Select(x => (string)x!))];

    private static async Task<string?> MakeDefaultAsync(StripeTransaction tx, Portal portal, IFormCollection form)
    {
        if (portal.Allows("payment_method_update") && await tx.FindAsync(form["method"].ToString()) is { } method && method.Str("customer") == portal.Customer.Id())
            await UseAsync(tx, portal, method);
        return null;
    }

    // The portal makes the new card the one that the next invoice is charged to.
    private static async Task UseAsync(StripeTransaction tx, Portal portal, JsonObject method)
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
            return Layout.Page(PageText.For(http, null)["This page has expired"], Html.Of($"<h1>{PageText.For(http, null)["This page has expired"]}</h1>"), status: StatusCodes.Status410Gone);
        var text = portal.Text;
        var subscription = await SubscriptionAsync(tx, portal);
        var invoices = (await tx.OfCustomerAsync("invoice", portal.Customer.Id())).Where(i => i.Str("status") != "draft").Reverse().ToList();
        var methods = await tx.OfCustomerAsync("payment_method", portal.Customer.Id());
        return Layout.Page(text["Billing portal"], Html.Of($"""
            <h1>{text["Billing portal"]}</h1>
            <p class="soft">{portal.Customer.Str("email")}</p>
            {Html.If(portal.Session.Str("return_url") is not null, () => Html.Of($"""<p><a href="{portal.Session.Str("return_url")}">{text["Back to the site"]}</a></p>"""))}
            {Note(http, text)}
            <section class="card"><h2>{text["Your subscription"]}</h2>{(subscription is null ? Html.Of($"<p>{text["No subscription."]}</p>") : await PlanAsync(tx, portal, subscription))}</section>
            <section class="card"><h2>{text["Payment method"]}</h2>{Methods(portal, methods, subscription, form)}</section>
            {Html.If(portal.Allows("invoice_history"), () => Html.Of($"""<section class="card"><h2>{text["Invoice history"]}</h2>{Invoices(invoices, text)}</section>"""))}
            """), text.Language, form is null ? 200 : StatusCodes.Status422UnprocessableEntity);
    }

    private static Html Note(HttpContext http, PageText text) => http.Request.Query["note"].ToString() switch
    {
        "changed" => Html.Of($"""<p class="ok" role="status">{text["Your change is confirmed."]}</p>"""),
        "unpaid" => Html.Of($"""<p class="alert" role="alert">{text["The payment for this change did not succeed; your plan stays as it was."]}</p>"""),
        _ => Html.None,
    };

    private static async Task<Html> PlanAsync(StripeTransaction tx, Portal portal, JsonObject subscription)
    {
        var (text, price) = (portal.Text, subscription.Data("items").First().Obj("price")!);
        var ends = subscription.Bool("cancel_at_period_end");
        var day = text.Day(SubscriptionChange.PeriodOf(subscription).End);
        var offers = new List<Html>();
        if (portal.Allows("subscription_update"))
            foreach (var id in OfferedPrices(portal).Where(p => p != price.Id()))
                if (await tx.FindAsync(id) is { } offer)
                    offers.Add(Html.Of($"""<option value="{id}">{await InvoiceLines.NameAsync(tx, offer)}, {text.Money(offer.Long("unit_amount"), offer.Str("currency")!)}{text.Each(offer)}</option>"""));
        return Html.Of($"""
            <p><strong>{await InvoiceLines.NameAsync(tx, price)}</strong>, {text.Money(price.Long("unit_amount"), price.Str("currency")!)}{text.Each(price)}<br>
            <span class="soft">{text[ends ? "Ends on" : "Renews on"]} {day}</span></p>
            {Html.If(offers.Count > 0, () => Html.Of($"""<form method="post" action="{portal.Path}/update"><label for="price">{text["Change plan"]}</label><div class="row"><select id="price" name="price">{offers}</select><button class="fit">{text["Confirm change"]}</button></div></form>"""))}
            {Html.If(portal.Allows("subscription_cancel"), () => Html.Of($"""<form method="post" action="{portal.Path}/{(ends ? "resume" : "cancel")}"><p><button class="plain">{text[ends ? "Don't cancel subscription" : "Cancel subscription"]}</button></p></form>"""))}
            """);
    }

    private static Html Methods(Portal portal, IReadOnlyList<JsonObject> methods, JsonObject? subscription, CardForm? form)
    {
        var text = portal.Text;
        var used = subscription.Str("default_payment_method") ?? portal.Customer.Obj("invoice_settings").Str("default_payment_method");
        return Html.Of($"""
            {(methods.Count == 0 ? Html.Of($"<p>{text["No payment method."]}</p>") : Html.Of($"""<ul>{methods.Select(m => Html.Of($"""<li>{m.Obj("card").Str("brand")} •••• {m.Obj("card").Str("last4")}, {text["expires"]} {m.Obj("card")!.Long("exp_month")}/{m.Obj("card")!.Long("exp_year")}{(m.Id() == used ? " · " + text["Default"] : "")}</li>"""))}</ul>"""))}
            {Html.If(portal.Allows("payment_method_update"), () => Html.Of($"""
                <details{(form is null ? Html.None : new Html(" open"))}><summary>{text["Add payment method"]}</summary>
                <form method="post" action="{portal.Path}/card" novalidate>{(form ?? CardForm.Empty(null)).Fields(text, emailFixed: form is null || portal.Customer.Str("email") is not null)}<button class="wide">{text["Save card"]}</button></form></details>
                """))}
            """);
    }

    private static Html Invoices(List<JsonObject> invoices, PageText text) => invoices.Count == 0 ? Html.Of($"<p>{text["No invoice yet."]}</p>") : Html.Of($"""
        <dl class="lines">{invoices.Select(i => Html.Of($"""<div><dt><a href="/i/{i.Id()}">{text.Day(i.Long("created"))}</a></dt><dd>{text.Money(i.Long("amount_due"), i.Str("currency")!)} · {text[InvoicePage.StatusWord(i)]}</dd></div>"""))}</dl>
        """);
}
