using Aurion.Sandbox.Look;
using Aurion.Sandbox.Stripe.Core;

namespace Aurion.Sandbox.Stripe.Pages;

/// <summary>The receipt of a charge, at the address that the charge's <c>receipt_url</c> names.</summary>
internal static class ReceiptPage
{
    public static void Map(WebApplication app, StripeStore store) => app.MapGet("/receipts/{id}", (string id, HttpContext http) => store.ReadAsync(async tx =>
    {
        var charge = await tx.FindAsync(id);
        var found = charge.Str("receipt_url") is not null;
        return Page.Show<Receipt>(new { Text = PageText.For(http, null), Charge = found ? charge : null }, found ? StatusCodes.Status200OK : StatusCodes.Status404NotFound);
    }));
}
