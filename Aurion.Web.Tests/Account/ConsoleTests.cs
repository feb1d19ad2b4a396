using System.Net;
using Aurion.Web.Billing.Purchases;
using Aurion.Web.Billing.Subscriptions;
using Aurion.Web.Tests.Billing;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Account;

/// <summary>What an operator does to a row of auth.users in the database's console holds in the product.</summary>
public sealed class ConsoleTests(PayerApp app) : IClassFixture<PayerApp>
{
    private static int people;

    [Fact]
    public async Task Who_is_deleted_there_is_signed_out_and_closed_and_the_address_is_free_again()
    {
        var (email, browser) = await GivenAccountAsync();
        var id = await app.ScalarAsync<Guid>("SELECT id FROM profiles WHERE email = @email", new { email });

        Assert.Equal(1, await app.ExecuteAsync("DELETE FROM auth.users WHERE id = @id", new { id }));

        await Eventually.HoldsAsync(async () => (await browser.GetAsync("/dashboard")).StatusCode == HttpStatusCode.Redirect, "the session has ended");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await app.Anonymous().SignInAsync(email)).StatusCode);
        Assert.Equal("", await app.ScalarAsync<string>("SELECT concat(email, full_name) FROM profiles WHERE id = @id", new { id }));
        // The books stay.
        Assert.Equal(1, await app.ScalarAsync<int>("SELECT count(*)::int FROM usage_logs WHERE user_id = @id", new { id }));
        (await app.Anonymous().SignUpAsync(email)).AssertGoesTo("/dashboard");
    }

    [Fact]
    public async Task Who_is_deleted_there_is_not_charged_again()
    {
        var user = await app.GivenPayerAsync("starter");
        await app.ExecuteAsync("SELECT save_top_up(@Id, 200, 'small', 100000, 'visa', '4242', @now)", new { user.Id, now = app.Clock.GetUtcNow() });
        var subscription = (await app.AccountAsync(user)).Subscription;

        await app.ExecuteAsync("DELETE FROM auth.users WHERE id = @Id", new { user.Id });
        await app.AdvanceAsync(TimeSpan.FromMinutes(1));
        await app.Service<ApplyPlanChangesJob>().RunAsync(CancellationToken.None);

        Assert.True((await app.AtStripeAsync(HttpMethod.Get, $"subscriptions/{subscription}")).GetProperty("cancel_at_period_end").GetBoolean());
        Assert.False(await app.ScalarAsync<bool>("SELECT enabled FROM top_up_settings WHERE user_id = @Id", new { user.Id }));
    }

    [Fact]
    public async Task A_payment_page_of_who_is_deleted_there_can_no_longer_be_paid()
    {
        var user = await app.GivenUserAsync();
        await app.OpenCheckoutAsync(user, "starter");

        await app.ExecuteAsync("DELETE FROM auth.users WHERE id = @Id", new { user.Id });
        await app.Service<ClosePaymentPagesJob>().RunAsync(CancellationToken.None);

        Assert.Equal("expired", (await app.AtStripeAsync(HttpMethod.Get, $"checkout/sessions/{await app.ScalarAsync<string>("SELECT session_id FROM purchases WHERE user_id = @Id", new { user.Id })}")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task An_address_that_is_changed_there_is_the_address_everywhere()
    {
        var (email, browser) = await GivenAccountAsync();
        var renamed = "Renamed." + email;

        await app.ExecuteAsync("UPDATE auth.users SET email = @renamed WHERE email = @email", new { email, renamed });

        await Eventually.HoldsAsync(async () => (await browser.GetAsync("/dashboard")).StatusCode == HttpStatusCode.Redirect, "the session has ended");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await app.Anonymous().SignInAsync(email)).StatusCode);
        (await app.Anonymous().SignInAsync(renamed)).AssertGoesTo("/dashboard");
        (await app.Anonymous().SignUpAsync(email)).AssertGoesTo("/dashboard");
    }

    [Fact]
    public async Task An_address_that_somebody_else_has_is_refused_with_its_reason()
    {
        var ((email, browser), (taken, _)) = (await GivenAccountAsync(), await GivenAccountAsync());

        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => app.ExecuteAsync("UPDATE auth.users SET email = @taken WHERE email = @email", new { email, taken }));

        Assert.Equal(Npgsql.PostgresErrorCodes.UniqueViolation, refused.SqlState);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/dashboard")).StatusCode);
    }

    private async Task<(string Email, TestClient Browser)> GivenAccountAsync()
    {
        var (email, browser) = ($"console{Interlocked.Increment(ref people)}@test.example", app.Anonymous());
        (await browser.SignUpAsync(email)).AssertGoesTo("/dashboard");
        return (email, browser);
    }
}
