using System.Net;
using Aurion.Data.Account;
using Aurion.Web.Tests.Infrastructure;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Aurion.Web.Tests.Account;

public sealed class PasswordChangeTests(AurionApp app) : IClassFixture<AurionApp>
{
    private const string NewPassword = "a quite different one";

    [Fact]
    public async Task The_new_password_opens_the_old_one_does_not_and_other_devices_are_out()
    {
        var (here, there) = (app.Anonymous(), app.Anonymous());
        await here.SignUpAsync("change@test.example");
        (await there.SignInAsync("change@test.example")).AssertGoesTo("/dashboard");
        await there.GetPageAsync("/account");

        (await here.ChangePasswordAsync(Forms.GoodPassword, NewPassword)).AssertGoesTo("/account");

        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await there.GetAsync("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await app.Anonymous().SignInAsync("change@test.example")).StatusCode);
        (await app.Anonymous().SignInAsync("change@test.example", NewPassword)).AssertGoesTo("/dashboard");
    }

    [Fact]
    public async Task A_wrong_or_weak_password_changes_nothing()
    {
        var browser = app.Anonymous();
        await browser.SignUpAsync("keep@test.example");

        var wrong = await browser.ChangePasswordAsync("not the current one", NewPassword);
        var weak = await browser.ChangePasswordAsync(Forms.GoodPassword, "password123");
        var empty = await browser.ChangePasswordAsync("", "");

        Assert.Equal("The current password is wrong.", (await wrong.ReadHtmlAsync()).ErrorOf("Input.Current"));
        Assert.StartsWith("This password is too common.", (await weak.ReadHtmlAsync()).ErrorOf("Input.Wanted"));
        Assert.Equal("Enter your current password.", (await empty.ReadHtmlAsync()).ErrorOf("Input.Current"));
        (await app.Anonymous().SignInAsync("keep@test.example")).AssertGoesTo("/dashboard");
    }

    [Fact]
    public async Task A_sign_in_with_the_old_password_that_crosses_the_change_opens_no_session()
    {
        await app.Anonymous().SignUpAsync("cross@test.example");
        var credential = (await app.Services.GetRequiredService<AccountStore>().FindCredentialAsync("cross@test.example"))!;
        var now = app.Clock.GetUtcNow();
        await using var connection = new NpgsqlConnection(app.OwnerConnectionString);
        await connection.OpenAsync();
        await using var change = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("SELECT change_account_password(@UserId, @PasswordHash, 'another hash', NULL, now())", credential);

        var opening = app.Services.GetRequiredService<AccountSessionStore>()
            .OpenAsync(credential.UserId, credential.PasswordHash, Guid.CreateVersion7(now), null, isNewDevice: false, now.AddDays(1));
        await Task.Delay(200);
        Assert.False(opening.IsCompleted);
        await change.CommitAsync();

        Assert.False(await opening);
    }

    [Fact]
    public async Task Guessing_the_current_password_is_slowed_down()
    {
        var browser = app.Anonymous();
        await browser.SignUpAsync("guess@test.example");

        for (var i = 0; i < 8; i++)
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.ChangePasswordAsync($"a guess number {i}", NewPassword)).StatusCode);

        var refused = await browser.ChangePasswordAsync(Forms.GoodPassword, NewPassword);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
    }
}
