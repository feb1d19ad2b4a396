using Aurion.Data.Billing;
using Aurion.Web.Billing.Stripe;
using Aurion.Web.Credits.Live;
using Aurion.Web.Infrastructure.Jobs;

namespace Aurion.Web.Billing.Purchases;

/// <summary>Switches automatic top-ups on, with the card that will pay, and off.</summary>
public sealed partial class TopUpSwitch(
    StripeGateway stripe, TopUpStore topUps, CustomerStore customers, LowBalances low, JobQueue jobs, ILogger<TopUpSwitch> log)
{
    /// <summary><paramref name="consent"/>: the card that the page named, as <see cref="Name"/> writes it.</summary>
    public async Task<TopUpResult> AllowAsync(Guid userId, TopUpWish wish, string? consent, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(wish);
        if (await customers.FindCustomerAsync(userId, ct) is not { } customer || await stripe.FindCardAsync(customer, ct) is not { } card)
            return new TopUpResult.NoCard();
        if (Name(card.Brand, card.Last4) != consent)
        {
            await topUps.KeepCardAsync(userId, card.Brand, card.Last4, ct);
            return new TopUpResult.OtherCard();
        }
        await topUps.SaveAsync(userId, wish, card.Brand, card.Last4, ct);
        LogAllowed(userId, wish.PackId, wish.Threshold);
        low.Forget();
        await jobs.WakeAsync<TopUpCreditsJob>(ct);
        return new TopUpResult.Allowed();
    }

    public static string Name(string? brand, string? last4) => $"{brand} {last4}";

    public async Task StopAsync(Guid userId, CancellationToken ct)
    {
        await topUps.StopAsync(userId, ct);
        low.Forget();
        LogForbidden(userId);
    }

    [LoggerMessage(LogLevel.Information, "User {UserId} allows top-ups of pack {Pack} below {Threshold} credits")]
    private partial void LogAllowed(Guid userId, string pack, int threshold);

    [LoggerMessage(LogLevel.Information, "User {UserId} switched automatic top-ups off")]
    private partial void LogForbidden(Guid userId);
}

/// <summary>What became of the wish to allow automatic top-ups.</summary>
public abstract record TopUpResult
{
    public sealed record Allowed : TopUpResult;

    /// <summary>Another card would be charged than the page named; it is named now.</summary>
    public sealed record OtherCard : TopUpResult;

    /// <summary>No card to charge.</summary>
    public sealed record NoCard : TopUpResult;
}
