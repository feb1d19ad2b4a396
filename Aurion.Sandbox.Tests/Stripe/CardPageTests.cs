using AngleSharp.Html.Parser;

namespace Aurion.Sandbox.Tests.Stripe;

public sealed class CardPageTests(StripeShop sandbox) : IClassFixture<StripeShop>
{
    [Fact]
    public async Task A_good_card_starts_the_subscription_and_goes_back_with_the_session_id()
    {
        var session = await sandbox.OpenCheckoutAsync(await sandbox.GivenPriceAsync(900), ("client_reference_id", "user-7"), ("subscription_data[metadata][user]", "user-7"));

        var page = await sandbox.PayAsync(session);

        Assert.Equal($"https://shop.example/done?session={session.Id()}", page.Location);
        var done = await sandbox.ReadAsync($"checkout/sessions/{session.Id()}?expand[]=subscription&expand[]=invoice&expand[]=line_items");
        Assert.Equal(("complete", "paid", "user-7"), (done.Text("status"), done.Text("payment_status"), done.Text("client_reference_id")));
        Assert.Equal(("active", "user-7"), (done.Text("subscription.status"), done.Text("subscription.metadata.user")));
        Assert.Equal(("paid", 900), (done.Text("invoice.status"), done.Number("invoice.amount_paid")));
        Assert.Equal(done.Text("subscription.id"), done.Text("invoice.parent.subscription_details.subscription"));
        Assert.Equal(900, done.Number("line_items.data.0.amount_total"));
    }

    [Fact]
    public async Task A_declined_card_says_so_in_place_and_leaves_the_session_open()
    {
        var session = await sandbox.OpenCheckoutAsync(await sandbox.GivenPriceAsync(900));

        var declined = await sandbox.PayAsync(session, "4000 0000 0000 0002");

        Assert.Equal(402, declined.Status);
        Assert.Equal("Your card was declined.", new HtmlParser().ParseDocument(declined.Html).QuerySelector("[role=alert]")!.TextContent);
        var open = await sandbox.ReadAsync("checkout/sessions/" + session.Id());
        Assert.Equal(("open", "unpaid", ""), (open.Text("status"), open.Text("payment_status"), open.Text("subscription")));
        Assert.NotNull((await sandbox.PayAsync(session)).Location);
    }

    [Fact]
    public async Task Every_wrong_field_is_marked_and_described()
    {
        var session = await sandbox.OpenCheckoutAsync(await sandbox.GivenPriceAsync(900));

        var page = await sandbox.PostPageAsync(session.Text("url"), new { email = "nobody", number = "4242424242424241", expiration = "13 / 34", cvc = "1", name = "" });

        Assert.Equal(422, page.Status);
        var document = new HtmlParser().ParseDocument(page.Html);
        foreach (var id in new[] { "email", "number", "expiration", "cvc", "name" })
        {
            var input = document.GetElementById(id)!;
            Assert.Equal("true", input.GetAttribute("aria-invalid"));
            Assert.NotEmpty(document.GetElementById(input.GetAttribute("aria-describedby")!)!.TextContent);
        }
        Assert.Empty(document.QuerySelectorAll("script"));
    }

    [Theory]
    [InlineData("en", "Card number", "Expiration", "Subscribe", "Cancel", "$9.00 per month")]
    [InlineData("fr", "Numéro de carte", "Date d’expiration", "S’abonner", "Annuler", "9,00\u00A0$ par mois")]
    public async Task The_page_speaks_the_language_that_the_merchant_asked_for(string locale, string number, string expiration, string button, string cancel, string price)
    {
        var session = await sandbox.OpenCheckoutAsync(await sandbox.GivenPriceAsync(900), ("locale", locale));

        var document = new HtmlParser().ParseDocument((await sandbox.GetPageAsync(session.Text("url"))).Html);

        Assert.Equal(locale, document.DocumentElement.GetAttribute("lang"));
        Assert.Equal(number, document.QuerySelector("label[for=number]")!.TextContent);
        Assert.Equal(expiration, document.QuerySelector("label[for=expiration]")!.TextContent);
        Assert.Equal("CVC", document.QuerySelector("label[for=cvc]")!.TextContent);
        Assert.Equal(button, document.QuerySelector("button.wide")!.TextContent);
        Assert.Contains(document.QuerySelectorAll("a"), a => a.TextContent == cancel && a.GetAttribute("href") == "https://shop.example/plans");
        Assert.Contains(price, document.Body!.TextContent);
    }

    [Theory]
    [InlineData("4000002500003155")]
    [InlineData("4000002760003184")]
    public async Task A_3d_secure_card_pays_only_after_the_bank_page_is_completed(string card)
    {
        var session = await sandbox.OpenCheckoutAsync(await sandbox.GivenPriceAsync(900));

        var bank = (await sandbox.PayAsync(session, card)).Location!;
        Assert.Contains("Complete authentication", (await sandbox.GetPageAsync(bank)).Html);
        Assert.Equal("open", (await sandbox.ReadAsync("checkout/sessions/" + session.Id())).Text("status"));
        var failed = await sandbox.PostPageAsync(bank, new { outcome = "fail" });
        var second = (await sandbox.PayAsync(session, card)).Location!;
        var paid = await sandbox.PostPageAsync(second, new { outcome = "complete" });

        Assert.Contains("unable to authenticate", failed.Html);
        Assert.StartsWith("https://shop.example/done", paid.Location);
        Assert.Equal("complete", (await sandbox.ReadAsync("checkout/sessions/" + session.Id())).Text("status"));
    }

    [Fact]
    public async Task An_expired_session_takes_no_card()
    {
        var session = await sandbox.OpenCheckoutAsync(await sandbox.GivenPriceAsync(900));
        await sandbox.MakeAsync($"checkout/sessions/{session.Id()}/expire");

        var page = await sandbox.PayAsync(session);

        Assert.Equal(410, page.Status);
        Assert.Equal("expired", (await sandbox.ReadAsync("checkout/sessions/" + session.Id())).Text("status"));
    }

    [Fact]
    public async Task Twenty_simultaneous_submissions_of_one_session_pay_once()
    {
        var customer = await sandbox.MakeAsync("customers", new { email = "ann@test.example" });
        var session = await sandbox.OpenCheckoutAsync(await sandbox.GivenPriceAsync(900), ("customer", customer.Id()));

        var pages = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => sandbox.PayAsync(session)));

        Assert.Single(pages, p => p.Status == 302);
        Assert.Single((await sandbox.ReadAsync($"subscriptions?customer={customer.Id()}")).Data());
        Assert.Single((await sandbox.ReadAsync($"charges?customer={customer.Id()}")).Data());
    }

    [Fact]
    public async Task A_promotion_code_lowers_the_first_invoice_only_when_the_coupon_says_once()
    {
        var coupon = await sandbox.MakeAsync("coupons", new { percent_off = 50, duration = "once" });
        await sandbox.MakeAsync("promotion_codes", StripeShop.Form(("promotion[type]", "coupon"), ("promotion[coupon]", coupon.Id()), ("code", "HALF")));
        var session = await sandbox.OpenCheckoutAsync(await sandbox.GivenPriceAsync(900), ("allow_promotion_codes", true));

        var wrong = await sandbox.PostPageAsync(session.Text("url") + "/promotion", new { promotion = "NOPE" });
        await sandbox.PostPageAsync(session.Text("url") + "/promotion", new { promotion = "half" });
        await sandbox.PayAsync(session);

        Assert.EndsWith("promotion=invalid", wrong.Location);
        var done = await sandbox.ReadAsync($"checkout/sessions/{session.Id()}?expand[]=invoice&expand[]=subscription");
        Assert.Equal((450, 450, 450), (done.Number("amount_total"), done.Number("invoice.amount_paid"), done.Number("total_details.amount_discount")));
        Assert.Empty(done.At("subscription.discounts")!.AsArray());
    }

    [Fact]
    public async Task Payment_mode_pays_a_one_off_price_with_its_metadata()
    {
        var product = (await sandbox.MakeAsync("products", new { name = "1,000 credits" })).Id();
        var price = await sandbox.MakeAsync("prices", new { product, unit_amount = 1200, currency = "usd" });
        var customer = await sandbox.MakeAsync("customers", new { email = "ann@test.example" });
        var session = await sandbox.MakeAsync("checkout/sessions", StripeShop.Form(
            ("mode", "payment"), ("customer", customer.Id()), ("line_items[0][price]", price.Id()), ("line_items[0][quantity]", 2), ("success_url", "https://shop.example/ok"), ("payment_intent_data[metadata][pack]", "1k")));

        Assert.Contains(">Pay<", (await sandbox.GetPageAsync(session.Text("url"))).Html);
        await sandbox.PayAsync(session);

        var done = await sandbox.ReadAsync($"checkout/sessions/{session.Id()}?expand[]=payment_intent.latest_charge");
        Assert.Equal(("paid", 2400, "1k"), (done.Text("payment_status"), done.Number("payment_intent.amount_received"), done.Text("payment_intent.metadata.pack")));
        Assert.Equal("succeeded", done.Text("payment_intent.latest_charge.status"));
    }
}
