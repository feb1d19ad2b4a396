using System.Runtime.ExceptionServices;
using Aurion.Data.Account;
using Aurion.Web.Account.Addresses;
using Aurion.Web.Account.Clerk;
using Aurion.Web.Account.Deletion;
using Aurion.Web.Account.Exports;
using Aurion.Web.Account.Identities;
using Aurion.Web.Account.Notices;
using Aurion.Web.Account.Passkeys;
using Aurion.Web.Account.Passwords;
using Aurion.Web.Account.Sessions;
using Aurion.Web.Account.TwoStep;
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
    /// <summary>Only the people named in AURION_ADMINS; anybody else who is signed in gets 404.</summary>
    public const string AdminPolicy = "admin";

    public static void AddAccount(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<SessionTokens>();
        services.AddSingleton<TokenRules>();
        services.AddSingleton<TokenCache>();
        services.AddGroupCommit<SessionGroupCommit>();
        services.AddSingleton<TokenEvents>();
        services.AddSingleton(_ => new PasswordHashing());
        services.AddSingleton<CurrentPassword>();
        services.AddSingleton<KnownBrowser>();
        services.AddSingleton<LinkTokens>();
        services.AddSingleton<PasswordResetTokens>();
        services.AddSingleton<AccountPasswords>();
        services.AddSingleton<AccountSessions>();
        services.AddSingleton<AccountAddresses>();
        services.AddSingleton<SecondFactors>();
        services.AddSingleton<PendingSignIns>();
        services.AddSingleton<PasskeyCeremonies>();
        services.AddSingleton<AccountPasskeys>();
        services.AddSingleton<PasskeySignIns>();
        services.AddSingleton<AccountDeletions>();
        services.AddSingleton<Accounts>();
        services.AddSingleton<AccountExport>();
        services.AddSingleton<IdentitySignIns>();
        services.AddSingleton<SignInAttempts>();
        builder.AddClerk();
        builder.AddOutsideProviders();
        services.AddSingleton<SessionRevocations>();
        services.AddHostedService<SessionRevocationListener>();
        builder.AddMails<AccountEmails>();
        services.AddSingleton<Unsubscriptions>();
        builder.AddMails<NoticeEmails>();

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

    public static void MapAccount(this WebApplication app)
    {
        app.MapAccountExport();
        app.MapAccountDeletion();
        app.MapClerk();
        app.MapOutsideProviders();
    }

    /// <summary>
    /// While the database or Clerk is away a token cannot be checked: its owner is neither signed in nor a visitor, so the request fails.
    /// Only what needs no user is answered: files, health, and the maintenance page.
    /// </summary>
    public static void UseAccount(this WebApplication app)
    {
        app.UseAuthentication();
        app.Use((context, next) =>
        {
            if (context.Features.Get<TokenEvents.UncheckedToken>() is { } token && !Maintenance.IsOpen(context))
                ExceptionDispatchInfo.Throw(token.Fault);
            return next(context);
        });
    }
}
