using System.Text.Json.Nodes;
using Aurion.Sandbox.Stripe.Core;
using Aurion.Sandbox.Stripe.Resources;

namespace Aurion.Sandbox.Stripe.Billing;

internal abstract record CheckoutResult
{
    public sealed record Completed(string Url) : CheckoutResult;
    public sealed record Declined(string Message) : CheckoutResult;
    public sealed record Authenticate : CheckoutResult;
    public sealed record NotOpen : CheckoutResult;
}

/// <summary>What the card page collected, already checked for form.</summary>
internal sealed record CardEntry(TestCard Card, int Month, int Year, string Name, string Email);

/// <summary>A person pays a checkout session. A declined card leaves it open.</summary>
internal static class Checkout
{
    private const long SettlesAfter = 86400;

    public static async Task<CheckoutResult> SubmitAsync(StripeTransaction tx, string id, CardEntry? entry)
    {
        if (await OpenAsync(tx, id) is not { } session)
            return new CheckoutResult.NotOpen();
        if (entry is null)
            return await CompleteAsync(tx, session, null, session.Obj("customer_details").Str("email"), null, authenticated: false);
        var method = PaymentMethods.New(tx, entry.Card, entry.Month, entry.Year, entry.Email, entry.Name);
        tx.Add(method);
        if (entry.Card.Authentication != Authentication.Never && (session.Long("amount_total") > 0 || IsSetup(session)))
        {
            session["_entry"] = new JsonObject { ["method"] = method.Id(), ["email"] = entry.Email, ["name"] = entry.Name };
            tx.Save(session);
            return new CheckoutResult.Authenticate();
        }
        return await CompleteAsync(tx, session, method, entry.Email, entry.Name, authenticated: false);
    }

    /// <summary>Pays with a payment method that is there already, as <c>stripe trigger</c> does.</summary>
    public static async Task<CheckoutResult> ConfirmAsync(StripeTransaction tx, string id, JsonObject method) =>
        await OpenAsync(tx, id) is { } session
            ? await CompleteAsync(tx, session, method, session.Obj("customer_details").Str("email") ?? method.Obj("billing_details").Str("email"), method.Obj("billing_details").Str("name"), authenticated: false)
            : new CheckoutResult.NotOpen();

    /// <summary>The answer of the bank's 3-D Secure page.</summary>
    public static async Task<CheckoutResult> AuthenticateAsync(StripeTransaction tx, string id, bool passed)
    {
        if (await OpenAsync(tx, id) is not { } session || session.Obj("_entry") is not { } entry)
            return new CheckoutResult.NotOpen();
        session.Remove("_entry");
        tx.Save(session);
        var method = await tx.GetAsync("payment_method", entry.Str("method")!);
        if (passed)
            return await CompleteAsync(tx, session, method, entry.Str("email"), entry.Str("name"), authenticated: true);
        if (IsSetup(session))
            return new CheckoutResult.Declined(SetupIntents.FailAuthentication(tx, await tx.GetAsync("setup_intent", session.Str("setup_intent")!), method));
        var intent = Intent(tx, session, session.Str("customer"));
        Payments.FailAuthentication(tx, intent, method);
        return new CheckoutResult.Declined(intent.Obj("last_payment_error").Str("message")!);
    }

    private static async Task<JsonObject?> OpenAsync(StripeTransaction tx, string id)
    {
        if (await tx.FindAsync(id) is not { } session || session.Str("object") != "checkout.session")
            return null;
        if (session.Str("customer") is { } customer)
            await tx.GetCustomerAsync(customer);
        return session.Str("status") == "open" && tx.Now < session.Long("expires_at") ? session : null;
    }

    private static JsonObject Intent(StripeTransaction tx, JsonObject session, string? customer)
    {
        var data = session.Obj("_data");
        var intent = PaymentIntents.New(tx, session.Long("amount_total"), session.Str("currency")!, customer, data.Str("description"),
            session.Str("mode") == "payment" ? data.Obj("metadata")?.Clone() ?? [] : []);
        intent["setup_future_usage"] = session.Str("mode") == "subscription" ? "off_session" : data.Str("setup_future_usage");
        tx.Create("payment_intent.created", intent);
        return intent;
    }

    private static async Task<CheckoutResult> CompleteAsync(StripeTransaction tx, JsonObject session, JsonObject? method, string? email, string? name, bool authenticated)
    {
        var how = new Payment(OnSession: true, authenticated);
        if (IsSetup(session))
            return await SetUpAsync(tx, session, method!, email, name, authenticated);
        if (method is not null && session.Long("amount_total") > 0 && WillDecline(method, authenticated))
        {
            var refused = Intent(tx, session, session.Str("customer"));
            await Payments.ConfirmAsync(tx, refused, method, how);
            return new CheckoutResult.Declined(refused.Obj("last_payment_error").Str("message")!);
        }
        session["customer_details"] = CheckoutSessions.Details(email, name);
        var customer = await CustomerAsync(tx, session, email, name);
        if (customer is not null && method is not null && KeepsCard(session))
            await PaymentMethods.AttachAsync(tx, method.Id(), customer.Id());
        if (session.Str("mode") == "subscription")
            await SubscribeAsync(tx, session, customer!, method, how);
        else if (method is not null && TestCards.Find(method.Str("_number")) is { Slow: true })
            session["_settles"] = new JsonObject { ["at"] = tx.Now + SettlesAfter, ["method"] = method.Id() };
        else
            await PayAsync(tx, session, customer, method, how);
        return Finish(tx, session);
    }

    private static bool IsSetup(JsonObject session) => session.Str("mode") == "setup";

    /// <summary>The bank agrees to the card without a payment; it is the customer's from then on.</summary>
    private static async Task<CheckoutResult> SetUpAsync(StripeTransaction tx, JsonObject session, JsonObject method, string? email, string? name, bool authenticated)
    {
        var intent = await tx.GetAsync("setup_intent", session.Str("setup_intent")!);
        if (WillDecline(method, authenticated))
            return new CheckoutResult.Declined(SetupIntents.Decline(tx, intent, method, TestCards.Find(method.Str("_number"))!));
        session["customer_details"] = CheckoutSessions.Details(email, name);
        if (await CustomerAsync(tx, session, email, name) is { } customer)
            await PaymentMethods.AttachAsync(tx, method.Id(), customer.Id());
        if (authenticated)
        {
            method["_set_up"] = true;
            tx.Save(method);
        }
        SetupIntents.Succeed(tx, intent, method, session.Str("customer"));
        return Finish(tx, session);
    }

    /// <summary>A subscription keeps the card for its renewals; a single payment only when it was asked to.</summary>
    private static bool KeepsCard(JsonObject session) => session.Str("mode") == "subscription" || session.Obj("_data").Str("setup_future_usage") is not null;

    private static bool WillDecline(JsonObject method, bool authenticated) =>
        TestCards.Find(method.Str("_number")) is { Code: not null, OnlyOnSession: false, Slow: false } card && (!card.DeclinesAfterAuthentication || authenticated);

    private static async Task<JsonObject?> CustomerAsync(StripeTransaction tx, JsonObject session, string? email, string? name)
    {
        if (session.Str("customer") is { } id)
            return await tx.GetCustomerAsync(id);
        if (session.Str("customer_creation") != "always" && session.Obj("invoice_creation")?.Bool("enabled") != true)
            return null;
        var customer = Customers.New(tx, email, name, []);
        tx.Create("customer.created", customer);
        session["customer"] = customer.Id();
        return customer;
    }

    private static async Task SubscribeAsync(StripeTransaction tx, JsonObject session, JsonObject customer, JsonObject? method, Payment how)
    {
        var items = new List<(JsonObject, long)>();
        foreach (var item in session.Data("_line_items"))
        {
            var price = (await tx.FindAsync(item.Obj("price").Str("id")))!;
            if (price.Str("type") == "recurring")
                items.Add((price, item.Long("quantity")));
            else
                InvoiceItems.Add(tx, customer.Id(), null, OneTimeLine(tx, price, item));
        }
        var data = session.Obj("_data");
        var subscription = await SubscriptionStart.StartAsync(tx, new NewSubscription(customer, items)
        {
            Metadata = data.Obj("metadata")?.Clone() ?? [],
            Description = data.Str("description"),
            DefaultPaymentMethod = method?.Id(),
            Payment = how,
            Discounts = id => GrantAsync(tx, session, customer.Id(), id),
        });
        session["subscription"] = subscription.Id();
        session["invoice"] = subscription.Str("latest_invoice");
    }

    private static JsonObject OneTimeLine(StripeTransaction tx, JsonObject price, JsonObject item) => InvoiceLines.New(
        item.Long("amount_subtotal"), price, item.Str("description")!, item.Long("quantity"), tx.Now, tx.Now, InvoiceLines.InvoiceItemParent(""));

    private static async Task<IReadOnlyList<string>> GrantAsync(StripeTransaction tx, JsonObject session, string? customer, string? subscription)
    {
        if (session.Arr("discounts").OfType<JsonObject>().FirstOrDefault() is not { } discount)
            return [];
        var (coupon, code) = await Discounts.ResolveAsync(tx, discount.Str("coupon"), discount.Str("promotion_code"), customer);
        return [(await Discounts.GrantAsync(tx, coupon, code, customer, subscription, session.Id())).Id()];
    }

    private static async Task PayAsync(StripeTransaction tx, JsonObject session, JsonObject? customer, JsonObject? method, Payment how)
    {
        if (session.Obj("invoice_creation")?.Bool("enabled") == true)
        {
            await PayByInvoiceAsync(tx, session, customer!, method, how);
            return;
        }
        _ = await GrantAsync(tx, session, customer?.Id(), null);
        if (session.Long("amount_total") == 0)
            return;
        var intent = Intent(tx, session, customer?.Id());
        await Payments.ConfirmAsync(tx, intent, method!, how);
        session["payment_intent"] = intent.Id();
    }

    private static async Task PayByInvoiceAsync(StripeTransaction tx, JsonObject session, JsonObject customer, JsonObject? method, Payment how)
    {
        var lines = new List<JsonObject>();
        foreach (var item in session.Data("_line_items"))
            lines.Add(OneTimeLine(tx, (await tx.FindAsync(item.Obj("price").Str("id")))!, item));
        var discounts = await GrantAsync(tx, session, customer.Id(), null);
        var invoice = await Invoicing.DraftAsync(tx, customer, null, "manual", lines, tx.Now, tx.Now);
        invoice["_discounts"] = Json.Strings(discounts);
        invoice["metadata"] = session.Obj("invoice_creation").Obj("invoice_data").Obj("metadata")!.Clone();
        tx.Emit("invoice.created", invoice);
        await Invoicing.FinalizeAsync(tx, invoice);
        if (invoice.Str("status") == "open")
        {
            var intent = (await tx.FindAsync(invoice.Str("_payment_intent")))!;
            intent["metadata"] = session.Obj("_data").Obj("metadata")?.Clone() ?? [];
            intent["setup_future_usage"] = session.Obj("_data").Str("setup_future_usage");
            await InvoicePayment.AttemptAsync(tx, invoice, method, how);
            session["payment_intent"] = intent.Id();
        }
        session["invoice"] = invoice.Id();
    }

    /// <summary>The bank has answered about a payment that was under way.</summary>
    public static async Task SettleAsync(StripeTransaction tx, JsonObject session)
    {
        var method = await tx.GetAsync("payment_method", session.Obj("_settles").Str("method")!);
        session.Remove("_settles");
        var declined = TestCards.Find(method.Str("_number")) is { Code: not null };
        if (declined)
        {
            var refused = Intent(tx, session, session.Str("customer"));
            await Payments.ConfirmAsync(tx, refused, method, new Payment(OnSession: true));
            session["payment_intent"] = refused.Id();
        }
        else
        {
            await PayAsync(tx, session, await tx.FindAsync(session.Str("customer")), method, new Payment(OnSession: true));
        }
        session["payment_status"] = declined ? "unpaid" : "paid";
        tx.Save(session);
        tx.Emit(declined ? "checkout.session.async_payment_failed" : "checkout.session.async_payment_succeeded", session);
    }

    private static CheckoutResult.Completed Finish(StripeTransaction tx, JsonObject session)
    {
        session["status"] = "complete";
        session["payment_status"] = session.Obj("_settles") is not null ? "unpaid" : session.Long("amount_total") == 0 && session.Str("mode") != "subscription" ? "no_payment_required" : "paid";
        session["url"] = null;
        tx.Save(session);
        tx.Emit("checkout.session.completed", session);
        return new CheckoutResult.Completed(session.Str("success_url")!.Replace("{CHECKOUT_SESSION_ID}", session.Id(), StringComparison.Ordinal));
    }
}
