using System.Text.Json.Nodes;
using Aurion.Sandbox.Look;
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
                ? Page.Show<AuthenticationPage>(new { Text = PageText.For(http, session.Str("locale")), Amount = session.LongOrNull("amount_total"), Currency = session.Str("currency"), Action = $"/c/pay/{id}/authenticate" })
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
            return Page.Show<ExpiredPage>(new
            {
                Text = text,
                Why = "The payment was completed, or its time has passed. Nothing more can be paid here.",
                Back = session.Str("cancel_url"),
            }, StatusCodes.Status410Gone);
        var email = await KnownEmailAsync(tx, session);
        form ??= CardForm.Empty(email);
        if (form.Declined is not null)
            form = form with { Declined = text[form.Declined] };
        return Page.Show<PayPage>(
            new { Text = text, Session = session, Form = NeedsCard(session) ? form : null, IsEmailFixed = email is not null, Promotion = http.Request.Query["promotion"].ToString() },
            form.Declined is not null ? StatusCodes.Status402PaymentRequired : form.Errors.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }
}
