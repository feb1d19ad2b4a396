using System.Text;
using Aurion.Web.Account;
using Aurion.Web.Account.Sessions;
using Aurion.Web.Infrastructure.Settings;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Aurion.Web.Tests.Account;

public sealed class TokenRulesTests
{
    // Long enough for every algorithm of the family, so that nothing but the rule stands in the way.
    private static readonly string Secret = new('s', 64);
    private readonly TestClock clock = new();

    [Theory]
    [InlineData(SecurityAlgorithms.HmacSha256, true)]
    [InlineData(SecurityAlgorithms.HmacSha384, false)]
    [InlineData(SecurityAlgorithms.HmacSha512, false)]
    public async Task One_algorithm_is_ours(string algorithm, bool accepted)
    {
        var tokens = new SessionTokens(
            new JwtOptions { Secret = Secret, Issuer = "https://aurion.example" },
            new SiteOptions { PublicUrl = new Uri("https://aurion.example") }, clock);
        var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "https://aurion.example",
            Audience = "authenticated",
            Expires = clock.GetUtcNow().AddHours(1).UtcDateTime,
            SigningCredentials = new(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(Secret)), algorithm),
        });

        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenRules(tokens, clock).Parameters());

        Assert.Equal(accepted, result.IsValid);
    }
}
