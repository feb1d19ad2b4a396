using System.CommandLine;
using Aurion.Web.Infrastructure.Cli;

namespace Aurion.Web.Billing.Sync;

/// <summary>`billing setup [--product=starter:prod_…]`: makes the shop at Stripe, or takes over products made by hand.</summary>
public sealed class SetupCommand(StripeSetup setup) : ICommand
{
    public static readonly Option<string[]> Products = new("--product") { Description = "Takes over a product made by hand, as starter:prod_…; once for each." };

    public async Task<int> RunAsync(CommandLine line, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(line);
        var products = (line.Get(Products) ?? [])
            .Select(product => product.Split(':', 2))
            .ToDictionary(pair => pair[0], pair => pair.Length == 2 ? pair[1] : "", StringComparer.Ordinal);
        if (await setup.FindMisfitAsync(products, ct) is { } misfit)
        {
            Console.WriteLine(misfit);
            return 1;
        }

        var report = await setup.RunAsync(products, ct);
        foreach (var price in report.Prices)
            Console.WriteLine(price);
        Console.WriteLine(report.WebhookSecret is { } secret
            ? $"Webhook endpoint created. Put this in STRIPE_WEBHOOK_SECRET: {secret}"
            : "Webhook endpoint is there already; its secret stays as it is.");
        return 0;
    }
}
