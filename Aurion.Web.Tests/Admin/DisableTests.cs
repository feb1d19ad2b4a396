using System.Net;
using Aurion.Web.Tests.Account;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Admin;

/// <summary>Who is locked out is out at once, everywhere, and only until let in again.</summary>
public sealed class DisableTests(AdminApp app) : IClassFixture<AdminApp>
{
    [Fact]
    public async Task Whoever_is_locked_out_is_out_at_once_and_comes_back_with_the_same_password()
    {
        var (browser, admin) = (app.Anonymous(), await app.AdminAsync());
        (await browser.SignUpAsync("locked@test.example")).AssertGoesTo("/dashboard");
        var program = app.WithToken(browser.Jar["aurion"]!);
        await browser.GetPageAsync("/account");
        var id = await app.ScalarAsync<Guid>("SELECT id FROM profiles WHERE email = 'locked@test.example'");
        Assert.NotNull((await admin.GetPageAsync($"/admin/users/{id}")).QuerySelector($"main a[href='/admin/users/{id}/disable']"));

        // What the database announces does not arrive: the node that was asked knows by itself.
        await app.ExecuteAsync("ALTER TABLE account_sessions DISABLE TRIGGER USER");
        (await admin.PostFormAsync($"/admin/users/{id}/disable")).AssertGoesTo($"/admin/users/{id}");

        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await program.PostJsonAsync("/api/validate-tool-access", new { toolId = "app-builder" })).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await app.Anonymous().SignInAsync("locked@test.example")).StatusCode);

        (await admin.PostFormAsync($"/admin/users/{id}/enable", from: $"/admin/users/{id}")).AssertGoesTo($"/admin/users/{id}");

        (await app.Anonymous().SignInAsync("locked@test.example")).AssertGoesTo("/dashboard");
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/account")).StatusCode);
    }

    [Fact]
    public async Task Nobody_locks_themselves_out()
    {
        var browser = await app.AdminAsync();
        var id = await app.ScalarAsync<Guid>("""
            INSERT INTO account_credentials (user_id, email, password_hash, password_changed_at, created_at)
            SELECT id, email, 'a hash', now(), now() FROM profiles WHERE email = 'admin@test.example' RETURNING user_id
            """);

        Assert.Null((await browser.GetPageAsync($"/admin/users/{id}")).QuerySelector($"a[href='/admin/users/{id}/disable']"));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/admin/users/{id}/disable")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.PostFormAsync($"/admin/users/{id}/disable", from: "/account")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).StatusCode);
    }
}
