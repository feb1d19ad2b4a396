using System.Net;
using AngleSharp.Html.Dom;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Admin;

/// <summary>How an administrator finds an account, and that nobody else does.</summary>
public sealed class AccountListTests(AdminApp app) : IClassFixture<AdminApp>
{
    [Fact]
    public async Task An_account_is_found_by_the_beginning_of_its_address_its_id_and_its_customer()
    {
        var user = await app.GivenSubscriberAsync("plus");
        await app.ExecuteAsync("UPDATE profiles SET email = 'Wanda.Weiss_1%@Test.example' WHERE id = @Id", new { user.Id });
        await app.GivenUserAsync(email: "wandax@test.example");
        var customer = await app.ScalarAsync<string>("SELECT customer_id FROM stripe_customers WHERE user_id = @Id", new { user.Id });
        var admin = await app.AdminAsync();

        foreach (var wanted in new[] { "wanda.w", "WANDA.WEISS_1%", user.Id.ToString(), user.Id.ToString("N"), user.Id.ToString("P"), user.Id.ToString("X"), customer, $" {customer} " })
            Assert.Equal([$"/admin/users/{user.Id}"], Links(await admin.GetPageAsync($"/admin/users?q={Uri.EscapeDataString(wanted)}")));
        Assert.Equal(2, Links(await admin.GetPageAsync("/admin/users?q=wanda")).Count);
        foreach (var wanted in new[] { "anda", "wanda_", "%", "cus_none", Guid.Empty.ToString(), "\u0001'\"<" })
            Assert.Empty(Links(await admin.GetPageAsync($"/admin/users?q={Uri.EscapeDataString(wanted)}")));
        Assert.NotEqual(HttpStatusCode.InternalServerError, (await admin.GetAsync("/admin/users?q=%00")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync("/admin/users?before=nonsense")).StatusCode);
    }

    [Fact]
    public async Task Every_account_is_in_the_list_once_newest_first()
    {
        var admin = await app.AdminAsync();
        await app.ExecuteAsync("""
            INSERT INTO auth.users (id, email, created_at)
            SELECT gen_random_uuid(), 'page' || n || '@test.example', @now - (n / 3) * interval '1 minute' FROM generate_series(1, 120) AS n
            """, new { now = app.Clock.GetUtcNow() });

        List<string> seen = [];
        for (var page = "/admin/users?q=page"; page is not null;)
        {
            var shown = await admin.GetPageAsync(page);
            seen.AddRange(Links(shown));
            page = shown.QuerySelector("a[rel=next]")?.GetAttribute("href");
        }

        var expected = await app.QueryAsync<string>("SELECT '/admin/users/' || id FROM profiles WHERE email LIKE 'page%' ORDER BY created_at DESC, id DESC");
        Assert.Equal(120, seen.Count);
        Assert.Equal(expected, seen);
    }

    [Fact]
    public async Task An_account_shows_whose_it_is_what_it_holds_and_its_movements()
    {
        var user = await app.GivenSubscriberAsync("plus");
        await app.SignedInAs(user).PostFormAsync("/tools/app-builder");

        var page = await (await app.AdminAsync()).GetPageAsync($"/admin/users/{user.Id}");

        Assert.Equal(user.Email, page.QuerySelector("h1")!.TextContent);
        Assert.Contains("4,950 of 5,000", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(await app.ScalarAsync<long>("SELECT count(*) FROM usage_logs WHERE user_id = @Id", new { user.Id }), page.QuerySelectorAll("main tbody tr").Length);
    }

    [Theory]
    [InlineData("/admin/users")]
    [InlineData("/admin/users/{0}")]
    [InlineData("/admin/users/{0}/adjust")]
    [InlineData("/admin/users/{0}/disable")]
    [InlineData("/admin/users/{0}/enable")]
    public async Task For_everybody_else_the_pages_do_not_exist(string page)
    {
        var (user, other) = (await app.GivenUserAsync(), await app.GivenUserAsync());
        var address = string.Format(System.Globalization.CultureInfo.InvariantCulture, page, user.Id);

        Assert.Equal(HttpStatusCode.NotFound, (await app.SignedInAs(user).GetAsync(address)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.SignedInAs(other).PostFormAsync(address, new { Input = "" }, from: "/account")).StatusCode);
        Assert.StartsWith("/account/sign-in", (await app.Anonymous().GetAsync(address)).Headers.Location?.OriginalString);
        var admin = await app.AdminAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync($"/admin/users/{Guid.Empty}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync($"/admin/users/{Guid.Empty}/adjust")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync($"/admin/users/{Guid.Empty}/disable")).StatusCode);
    }

    private static IReadOnlyList<string> Links(IHtmlDocument page) =>
        [.. page.QuerySelectorAll("main tbody a").Select(link => link.GetAttribute("href")!)];
}
