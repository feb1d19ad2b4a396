using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Billing;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Pages;

/// <summary>The page on which a person pays a checkout session.</summary>
internal static class CardPage
{
    public static void Map(WebApplication app, StripeStore store)
    {
        app.MapGet("/c/pay/{id}", (string id, HttpContext http) => store.ReadAsync(tx => ShowAsync(tx, http, id, null)));
        app.MapPost("/c/pay/{id}", (string id, HttpContext http) => SubmitAsync(store, http, id));
        app.MapPost("/c/pay/{id}/promotion", async (string id, HttpContext http) =>
        {
            var code = (await http.Request.ReadFormAsync()).TryGetValue("promotion", out var typed) ? typed.ToString().Trim() : "";
            var known = await store.WriteAsync(tx => CheckoutPromotion.ApplyAsync(tx, id, code));
            return Results.Redirect($"/c/pay/{id}?promotion={(known ? "applied" : "invalid")}");
        });
        app.MapGet("/c/pay/{id}/authenticate", (string id, HttpContext http) => store.ReadAsync(async tx =>
            await tx.FindAsync(id) is { } session && session.Obj("_entry") is not null
                ? AuthenticationPage.Show(PageText.For(http, session.Str("locale")), session.LongOrNull("amount_total"), session.Str("currency"), $"/c/pay/{id}/authenticate")
                : await ShowAsync(tx, http, id, null)));
        app.MapPost("/c/pay/{id}/authenticate", async (string id, HttpContext http) =>
        {
            var passed = (await http.Request.ReadFormAsync())["outcome"] == "complete";
            return await AnswerAsync(store, http, id, await store.WriteAsync(tx => Checkout.AuthenticateAsync(tx, id, passed)), null);
        });
    }

    private static async Task<IResult> SubmitAsync(StripeStore store, HttpContext http, string id)
    {
        var form = await http.Request.ReadFormAsync();
        var (entry, typed, needed) = await store.ReadAsync(async tx =>
        {
            var session = await tx.FindAsync(id);
            var read = CardForm.Read(form, await KnownEmailAsync(tx, session));
            var needsCard = session is null || NeedsCard(session);
            return (needsCard ? read.Check(PageText.For(http, session.Str("locale")), DateTimeOffset.FromUnixTimeSeconds(tx.Now)) : null, read, needsCard);
        });
        if (entry is null && needed)
            return await store.ReadAsync(tx => ShowAsync(tx, http, id, typed));
        return await AnswerAsync(store, http, id, await store.WriteAsync(tx => Checkout.SubmitAsync(tx, id, entry)), typed);
    }

    private static bool NeedsCard(JsonObject session) => session.Long("amount_total") > 0 || session.Str("payment_method_collection") == "always";

    private static async Task<IResult> AnswerAsync(StripeStore store, HttpContext http, string id, CheckoutResult result, CardForm? typed) => result switch
    {
        CheckoutResult.Completed completed => Results.Redirect(completed.Url),
        CheckoutResult.Authenticate => Results.Redirect($"/c/pay/{id}/authenticate"),
        CheckoutResult.Declined declined => await store.ReadAsync(async tx => await ShowAsync(tx, http, id,
            (typed ?? CardForm.Empty(await KnownEmailAsync(tx, await tx.FindAsync(id)))) with { Declined = declined.Message })),
        _ => await store.ReadAsync(tx => ShowAsync(tx, http, id, null)),
    };

    private static async Task<string?> KnownEmailAsync(StripeTransaction tx, JsonObject? session) =>
        session.Str("customer_email") ?? (await tx.FindAsync(session.Str("customer"))).Str("email");

    private static async Task<IResult> ShowAsync(StripeTransaction tx, HttpContext http, string id, CardForm? form)
    {
        var session = await tx.FindAsync(id);
        var text = PageText.For(http, session.Str("locale"));
        if (session is null || session.Str("status") != "open" || tx.Now >= session.Long("expires_at"))
            return Layout.Page(text["This page has expired"], Html.Of($"""
                <h1>{text["This page has expired"]}</h1>
                <p>{text["The payment was completed, or its time has passed. Nothing more can be paid here."]}</p>
                {Html.If(session.Str("cancel_url") is not null, () => Html.Of($"""<a class="button" href="{session.Str("cancel_url")}">{text["Back to the site"]}</a>"""))}
                """), text.Language, StatusCodes.Status410Gone);
        var email = await KnownEmailAsync(tx, session);
        form ??= CardForm.Empty(email);
        if (form.Declined is not null)
            form = form with { Declined = text[form.Declined] };
        var (title, press) = session.Str("mode") switch
        {
            "subscription" => ("Subscription", "Subscribe"),
            "setup" => ("Save a card", "Save card"),
            _ => ("Payment", "Pay"),
        };
        return Layout.Page(text[press], Html.Of($"""
            <h1>AURION · {text[title]}</h1>
            {(session.Str("mode") == "setup" ? Html.Of($"""<p>{text["Nothing is charged now. AURION may charge this card later, within what you allow."]}</p>""") : Summary(session, text))}
            {Html.If(session.Bool("allow_promotion_codes"), () => Promotion(http, id, text))}
            <form method="post" action="/c/pay/{id}" novalidate class="card">
            {(NeedsCard(session) ? form.Fields(text, email is not null) : Html.None)}
            <button class="wide">{text[press]}</button>
            </form>
            {Html.If(session.Str("cancel_url") is not null, () => Html.Of($"""<p><a href="{session.Str("cancel_url")}">{text["Cancel"]}</a></p>"""))}
            {AuthenticationPage.TestCardList(text)}
            """), text.Language, form.Declined is not null ? StatusCodes.Status402PaymentRequired : form.Errors.Count > 0 ? StatusCodes.Status422UnprocessableEntity : 200);
    }

    private static Html Summary(JsonObject session, PageText text)
    {
        var currency = session.Str("currency")!;
        var discount = session.Obj("total_details")!.Long("amount_discount");
        return Html.Of($"""
            <p class="amount">{text.Money(session.Long("amount_total"), currency)}</p>
            <dl class="lines">
            {session.Data("_line_items").Select(i => Html.Of($"""<div><dt>{i.Str("description")}{(i.Long("quantity") > 1 ? $" × {i.Long("quantity")}" : "")}</dt><dd>{text.Money(i.Long("amount_subtotal"), currency)}{text.Each(i.Obj("price")!)}</dd></div>"""))}
            {Html.If(discount > 0, () => Html.Of($"""<div><dt>{text["Discount"]}</dt><dd>{text.Money(-discount, currency)}</dd></div>"""))}
            <div><dt><strong>{text["Total due today"]}</strong></dt><dd><strong>{text.Money(session.Long("amount_total"), currency)}</strong></dd></div>
            </dl>
            """);
    }

    private static Html Promotion(HttpContext http, string id, PageText text)
    {
        var state = http.Request.Query["promotion"].ToString();
        return Html.Of($"""
            <form method="post" action="/c/pay/{id}/promotion" class="card">
            <label for="promotion">{text["Promotion code"]}</label>
            <div class="row"><input id="promotion" name="promotion" autocomplete="off"{(state == "invalid" ? new Html(" aria-invalid=\"true\" aria-describedby=\"promotion-error\"") : Html.None)}><button class="plain fit">{text["Apply"]}</button></div>
            {Html.If(state == "invalid", () => Html.Of($"""<p class="error" id="promotion-error" role="alert">{text["This code is invalid."]}</p>"""))}
            {Html.If(state == "applied", () => Html.Of($"""<p class="ok" role="status">{text["Code applied."]}</p>"""))}
            </form>
            """);
    }
}
