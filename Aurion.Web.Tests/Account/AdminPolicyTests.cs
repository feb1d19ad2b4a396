using System.Security.Claims;
using Aurion.Web.Account;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Account;

public sealed class AdminPolicyTests(AurionApp app) : IClassFixture<AurionApp>
{
    [Theory]
    [InlineData("admin@test.example", true)]
    [InlineData("Admin@Test.Example", true)]
    [InlineData("admin@test.example.evil", false)]
    [InlineData("xadmin@test.example", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public async Task Only_those_named_in_the_settings_are_administrators(string? email, bool admin)
    {
        var user = new ClaimsPrincipal(new ClaimsIdentity(email is null ? [] : [new Claim("email", email)], "test"));

        var answer = await app.Services.GetRequiredService<IAuthorizationService>().AuthorizeAsync(user, AccountRegistration.AdminPolicy);

        Assert.Equal(admin, answer.Succeeded);
    }
}
