using Microsoft.AspNetCore.Mvc;

namespace Aurion.Web.Account.Clerk;

internal static class ClerkEndpoints
{
    internal static void MapClerk(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<ClerkOptions>().IsOn)
            return;
        foreach (var page in new[] { "sign-in", "sign-up" })
            app.MapGet("/account/clerk/" + page, (string? returnUrl, HttpContext context, ClerkSignIn signIn, CancellationToken ct) => signIn.BeginAsync(page, returnUrl, context, ct));
        app.MapGet("/account/clerk/return", (string? state, HttpContext context, ClerkSignIn signIn, CancellationToken ct) => signIn.ReturnAsync(state, context, ct));
        // Clerk proves itself by its signature: no session, no antiforgery token, no rate.
        app.MapPost("/api/clerk-webhook", (HttpRequest request, ClerkWebhook webhook, CancellationToken ct) => webhook.ReceiveAsync(request, ct))
            .AllowAnonymous().DisableAntiforgery().LimitNothing().WithMetadata(new RequestSizeLimitAttribute(ClerkWebhook.LargestBody));
    }
}
