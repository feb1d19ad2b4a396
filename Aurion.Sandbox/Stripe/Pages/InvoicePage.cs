using System.Text.Json.Nodes;
using Aurion.Sandbox.Look;
using Aurion.Sandbox.Stripe.Billing;
using Aurion.Sandbox.Stripe.Core;
using Aurion.Sandbox.Stripe.Resources;

namespace Aurion.Sandbox.Stripe.Pages;

/// <summary>The hosted invoice: what is on it, its PDF, and a card form while it is open.</summary>
internal static class InvoicePage
{
    public static void Map(WebApplication app, StripeStore store)
    {
        app.MapGet("/i/{id}", (string id, HttpContext http) => store.ReadAsync(tx => ShowAsync(tx, http, id, null)));
        app.MapGet("/i/{id}/pdf", (string id) => store.ReadAsync(async tx => await FindAsync(tx, id) is { } invoice
            ? Results.File(InvoicePdf.Write(invoice), "application/pdf", $"Invoice-{invoice.Str("number")}.pdf")
            : Results.NotFound()));
        app.MapPost("/i/{id}", async (string id, HttpContext http) =>
        {
            var posted = await http.Request.ReadFormAsync();
            var (next, form) = await store.WriteAsync(tx => PayAsync(tx, http, id, posted));
            return next is not null ? Results.Redirect(next) : await store.ReadAsync(tx => ShowAsync(tx, http, id, form));
        });
        // Where a payment intent's next_action leads: to the bank.
        app.MapGet("/3ds/{id}", (string id, HttpContext http) => store.ReadAsync(async tx => await tx.FindAsync(id) is { } intent && intent.Str("status") == "requires_action"
            ? Page.Show<AuthenticationPage>(new { Text = PageText.For(http, null), Amount = intent.LongOrNull("amount"), Currency = intent.Str("currency"), Action = "/3ds/" + id })
            : Page.Show<ExpiredPage>(new { Text = PageText.For(http, null) }, StatusCodes.Status410Gone)));
        app.MapPost("/3ds/{id}", async (string id, HttpContext http) =>
        {
            var passed = (await http.Request.ReadFormAsync())["outcome"] == "complete";
            return Results.Redirect(await store.WriteAsync(tx => AuthenticateAsync(tx, id, passed)));
        });
    }

    private static async Task<JsonObject?> FindAsync(StripeTransaction tx, string id) =>
        await tx.FindAsync(id) is { } invoice && invoice.Str("object") == "invoice" && invoice.Str("status") != "draft" ? invoice : null;

    private static async Task<(string? Next, CardForm? Form)> PayAsync(StripeTransaction tx, HttpContext http, string id, IFormCollection posted)
    {
        if (await FindAsync(tx, id) is not { } invoice || invoice.Str("status") != "open")
            return ("/i/" + id, null);
        var customer = await tx.GetCustomerAsync(invoice.Str("customer")!);
        var text = PageText.For(http, null);
        var typed = CardForm.Read(posted, customer.Str("email") ?? "customer@unknown");
        if (typed.Check(text, DateTimeOffset.FromUnixTimeSeconds(tx.Now)) is not { } entry)
            return (null, typed);
        var method = PaymentMethods.New(tx, entry.Card, entry.Month, entry.Year, entry.Email, entry.Name);
        tx.Add(method);
        var outcome = await InvoicePayment.AttemptAsync(tx, invoice, method, new Payment(OnSession: true));
        if (outcome == PaymentOutcome.Succeeded)
            await KeepAsync(tx, invoice, method);
        return outcome switch
        {
            PaymentOutcome.Succeeded => ("/i/" + id, null),
            PaymentOutcome.RequiresAction => ("/3ds/" + invoice.Str("_payment_intent"), null),
            _ => (null, typed with { Declined = text[entry.Card.Message] }),
        };
    }

    // The card that paid is charged from now on.
    private static async Task KeepAsync(StripeTransaction tx, JsonObject invoice, JsonObject method)
    {
        if (method.Str("customer") is null)
            await PaymentMethods.AttachAsync(tx, method.Id(), invoice.Str("customer")!);
        if (await tx.FindAsync(Invoicing.SubscriptionOf(invoice)) is not { } subscription || subscription.Str("status") is "canceled" or "incomplete_expired")
            return;
        subscription["default_payment_method"] = method.Id();
        tx.Update("customer.subscription.updated", subscription);
    }

    private static async Task<string> AuthenticateAsync(StripeTransaction tx, string id, bool passed)
    {
        var intent = await tx.GetAsync("payment_intent", id);
        var back = intent.Str("_return_url");
        if (intent.Str("customer") is { } customer)
            await tx.GetCustomerAsync(customer);
        if (intent.Str("status") == "requires_action" && await tx.FindAsync(intent.Str("payment_method")) is { } method)
        {
            var invoice = await tx.FindAsync(intent.Str("_invoice"));
            if (!passed)
                Payments.FailAuthentication(tx, intent, method);
            else if (invoice is null)
                await Payments.ConfirmAsync(tx, intent, method, new Payment(OnSession: true, Authenticated: true));
            else if (await InvoicePayment.AttemptAsync(tx, invoice, method, new Payment(OnSession: true, Authenticated: true)) == PaymentOutcome.Succeeded)
                await KeepAsync(tx, invoice, method);
        }
        return back is null
            ? intent.Str("_invoice") is { } paid ? "/i/" + paid : "/objects/" + id
            : $"{back}{(back.Contains('?', StringComparison.Ordinal) ? '&' : '?')}payment_intent={id}&redirect_status={(intent.Str("status") == "succeeded" ? "succeeded" : "failed")}";
    }

    public static string StatusWord(JsonObject invoice) => invoice.Str("status") switch { "paid" => "Paid", "open" => "Open", "void" => "Void", "uncollectible" => "Uncollectible", _ => "Draft" };

    private static async Task<IResult> ShowAsync(StripeTransaction tx, HttpContext http, string id, CardForm? form)
    {
        var text = PageText.For(http, null);
        if (await FindAsync(tx, id) is not { } invoice)
            return Results.NotFound();
        var waiting = invoice.Str("status") == "open" && await tx.FindAsync(invoice.Str("_payment_intent")) is { } intent && intent.Str("status") == "requires_action";
        return Page.Show<HostedInvoice>(
            new { Text = text, Invoice = invoice, Form = form ?? CardForm.Empty(invoice.Str("customer_email")), WaitsForBank = waiting },
            form?.Declined is not null ? StatusCodes.Status402PaymentRequired : form is not null ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }
}
