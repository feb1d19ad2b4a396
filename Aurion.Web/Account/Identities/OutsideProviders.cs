using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;

namespace Aurion.Web.Account.Identities;

/// <summary>A provider whose button stands on the sign-in page.</summary>
public sealed record OutsideProvider(string Key, string Name);

/// <summary>Google and GitHub by the framework's handlers, each when its settings are there, and neither beside Clerk, which has both.</summary>
internal static class OutsideProviders
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    internal static void AddOutsideProviders(this WebApplicationBuilder builder)
    {
        var (google, github) = (builder.Settings<GoogleOptions>(), builder.Settings<GitHubOptions>());
        builder.Services.AddSingleton<OutsideEvents>();
        if (builder.Settings<ClerkOptions>().IsOn)
            return;
        if (google.ClientId.Length > 0)
        {
            builder.Services.AddSingleton(new OutsideProvider(IdentityProviders.Google, "Google"));
            builder.Services.AddAuthentication().AddGoogle(IdentityProviders.Google, options => Prepare(options, IdentityProviders.Google, google.ClientId, google.ClientSecret));
        }
        if (github.ClientId.Length > 0)
        {
            builder.Services.AddSingleton(new OutsideProvider(IdentityProviders.GitHub, "GitHub"));
            builder.Services.AddAuthentication().AddOAuth(IdentityProviders.GitHub, options =>
            {
                Prepare(options, IdentityProviders.GitHub, github.ClientId, github.ClientSecret);
                options.AuthorizationEndpoint = "https://github.com/login/oauth/authorize";
                options.TokenEndpoint = "https://github.com/login/oauth/access_token";
                options.UserInformationEndpoint = "https://api.github.com/user";
                options.Scope.Add("user:email");
            });
        }
    }

    internal static void MapOutsideProviders(this WebApplication app)
    {
        foreach (var provider in app.Services.GetServices<OutsideProvider>())
            app.MapGet($"/account/{provider.Key}/sign-in", (string? returnUrl, HttpContext context) => context.User.FindId() is null
                ? Results.Challenge(new AuthenticationProperties { RedirectUri = LocalPath.OrDashboard(returnUrl) }, [provider.Key])
                : Results.LocalRedirect(LocalPath.OrDashboard(returnUrl)));
    }

    private static void Prepare(OAuthOptions options, string provider, string clientId, string clientSecret)
    {
        (options.ClientId, options.ClientSecret) = (clientId, clientSecret);
        options.CallbackPath = $"/account/{provider}/return";
        options.UsePkce = true;
        options.SaveTokens = false;
        options.BackchannelTimeout = Patience;
        options.ClaimActions.Clear();
        options.EventsType = typeof(OutsideEvents);
        // The framework's None would be for forms that are posted across sites; these providers come back by a link.
        options.CorrelationCookie.SameSite = SameSiteMode.Lax;
    }
}
