using System.Buffers.Binary;
using Aurion.E2E.Harness;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Aurion.E2E;

/// <summary>The guide's Test 1.</summary>
[Collection(PagesCollection.Name)]
public sealed class AccountCreationTests(AurionSite site, ITestOutputHelper output) : BrowserTest(site, output)
{
    [Theory, InlineData("en"), InlineData("fr")]
    public async Task A_new_account_has_a_hundred_credits_on_the_free_plan(string language)
    {
        var visitor = await VisitAsync(new(language));

        var email = await visitor.SignUpAsync(language == "fr" ? Guide.ExampleAddress : null);

        var account = Assert.Single(await Site.SqlAsync(Guide.NewAccount.For(email)));
        Assert.Equal(100, account["total_credits"]);
        Assert.Equal(0, account["used_credits"]);
        Assert.Equal("free", account["plan_type"]);
        Assert.Equal("active", account["status"]);
        Assert.Equal(0, Assert.Single(await Site.SqlAsync(Guide.Credits.For(email)))["bonus_credits"]);
        await visitor.SeesBalanceAsync(100);
        // OWASP's figure for PBKDF2-HMAC-SHA512; the format is ASP.NET Identity's, version 3.
        var hash = Convert.FromBase64String((string)Assert.Single(await Site.SqlAsync($"SELECT password_hash FROM account_credentials WHERE email = '{email}'"))["password_hash"]!);
        Assert.Equal((2u, 210_000u), (BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(1)), BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(5))));
    }

    [Theory, InlineData("en"), InlineData("fr")]
    public async Task A_taken_address_is_said_and_what_was_typed_stays(string language)
    {
        var first = await VisitAsync(new(language));
        var email = await first.SignUpAsync();

        var second = await VisitAsync(new(language));
        second.Expect(409);
        second.Expect(422);
        await second.OpenAsync("/account/sign-up");
        await second.FillAccountAsync(email, "une-autre-phrase-71");
        await second.Button("Create my account").ClickAsync();

        await Expect(second.Page.GetByRole(Microsoft.Playwright.AriaRole.Alert)).ToContainTextAsync(second.Say("There is already an account with this e-mail."));
        await Expect(second.Field("E-mail")).ToHaveValueAsync(email);
        await second.CheckAsync();
    }

    [Theory, InlineData("en"), InlineData("fr")]
    public async Task A_weak_password_is_refused_with_a_way_out_and_no_account_is_made(string language)
    {
        var visitor = await VisitAsync(new(language));
        visitor.Expect(422);
        await visitor.OpenAsync("/account/sign-up");
        var email = Visitor.NewAddress();
        await visitor.FillAccountAsync(email, "password1");
        await visitor.Button("Create my account").ClickAsync();

        await Expect(visitor.Page.GetByText(visitor.Say("This password is too common."))).ToBeVisibleAsync();
        await visitor.CheckAsync();
        Assert.Empty(await Site.SqlAsync(Guide.NewAccount.For(email)));
    }
}
