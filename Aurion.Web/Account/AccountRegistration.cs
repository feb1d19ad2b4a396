using System.Runtime.ExceptionServices;
using Aurion.Data.Account;
using Aurion.Web.Infrastructure;
using Aurion.Web.Infrastructure.Errors;
using Aurion.Web.Infrastructure.Mail;
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
        services.AddSingleton<TokenCache>();
        services.AddGroupCommit<SessionGroupCommit>();
        services.AddSingleton<TokenEvents>();
        services.AddSingleton<PasswordHashing>();
        services.AddSingleton<KnownBrowser>();
        services.AddSingleton<SignInCompletion>();
        services.AddSingleton<SessionOpener>();
        services.AddSingleton<SessionCloser>();
        services.AddSingleton<AccountCreator>();
        services.AddSingleton<PasswordChanger>();
        services.AddSingleton<PasswordResetTokens>();
        services.AddSingleton<PasswordResetter>();
        services.AddSingleton<AccountLock>();
        services.AddSingleton<SessionRevocations>();
        services.AddHostedService<SessionRevocationListener>();
        builder.AddMails<AccountEmails>();

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

    public static void MapAccount(this WebApplication app) => app.MapAccountExport();

    /// <summary>
    /// Whose token cannot be checked while the database is away is neither signed in nor a visitor, so the request fails;
    /// all that is answered is what asks for nobody: files, health, and the page that says so.
    /// </summary>
    public static void UseAccount(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseAuthentication();
        app.Use((context, next) =>
        {
            if (context.Features.Get<TokenEvents.UncheckedToken>() is { } token && !Maintenance.IsOpen(context))
                ExceptionDispatchInfo.Throw(token.Fault);
            return next(context);
        });
    }
}
