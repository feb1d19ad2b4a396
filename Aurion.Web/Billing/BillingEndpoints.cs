using Aurion.Web.Billing.Purchases;
using Aurion.Web.Billing.Sync;
using Aurion.Web.Infrastructure.Security;
using Microsoft.AspNetCore.Mvc;

namespace Aurion.Web.Billing;

public static class BillingEndpoints
{
    public static void MapBilling(this IEndpointRouteBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapPost("/api/create-checkout", CheckoutEndpoint.CreateAsync).RequireAuthorization();
        // Where Stripe sends back who opened a pack's page before plans and packs shared one.
        app.MapGet("/billing/packs/return", (HttpRequest request) => Results.Redirect($"/billing/return{request.QueryString}"));
        // Stripe proves itself by its signature: no session, no antiforgery token, no rate.
        app.MapPost("/api/stripe-webhook", (HttpRequest request, StripeWebhook webhook, CancellationToken ct) => webhook.ReceiveAsync(request, ct))
            .AllowAnonymous().DisableAntiforgery().LimitNothing().WithMetadata(new RequestSizeLimitAttribute(StripeWebhook.LargestBody));
    }
}
