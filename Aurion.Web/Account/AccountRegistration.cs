using Aurion.Data.Account;
using Aurion.Web.Infrastructure;
using Aurion.Web.Infrastructure.Settings;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Aurion.Web.Account;

public static class AccountRegistration
{
    /// <summary>Policy of what only the people named in AURION_ADMINS may see; to anybody else who is signed in it answers 404.</summary>
    public const string AdminPolicy = "admin";

    public static void AddAccount(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddSingleton<SessionTokens>();
        services.AddSingleton<TokenRules>();
        services.AddSingleton<KnownTokens>();
        services.AddLane<SessionLane>();
        services.AddSingleton<TokenEvents>();
        services.AddSingleton<PasswordHashing>();
        services.AddSingleton<KnownBrowser>();
        services.AddSingleton<Arrival>();
        services.AddSingleton<SessionOpener>();
        services.AddSingleton<SessionCloser>();
        services.AddSingleton<AccountCreator>();
        services.AddSingleton<PasswordChanger>();
        services.AddSingleton<EndedSessions>();
        services.AddHostedService<EndedSessionsListener>();

        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<TokenRules>((options, rules) =>
        {
            options.MapInboundClaims = false;
            options.SaveToken = false;
            options.TokenHandlers.Clear();
            options.TokenHandlers.Add(new JsonWebTokenHandler { MapInboundClaims = false });
            options.TokenValidationParameters = rules.Parameters();
            options.EventsType = typeof(TokenEvents);
        });

        services.AddOptions<AuthorizationOptions>().Configure<SiteOptions>((options, site) =>
            options.AddPolicy(AdminPolicy, policy => policy.RequireAssertion(context =>
                site.Admins.Contains(context.User.Email(), StringComparer.OrdinalIgnoreCase))));
    }
}
