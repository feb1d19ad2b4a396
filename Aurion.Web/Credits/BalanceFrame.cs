using Aurion.Data.Credits;
using Aurion.Data.Infrastructure;
using Aurion.Web.Infrastructure.Settings;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Credits;

/// <summary>Puts the balance into the frame of every signed-in page. A page that has read it says so with <see cref="Show"/>; the others cost one query.</summary>
public sealed class BalanceFrame(BalanceGroupRead balances, SiteOptions site) : IAsyncResultFilter
{
    public async Task OnResultExecutionAsync(ResultExecutingContext context, ResultExecutionDelegate next)
    {
        var http = context.HttpContext;
        if (context.Result is PageResult && http.Features.Get<Shell>() is null && http.User.FindId() is { } userId && !IsDatabaseAway(http))
            await ReadAsync(http, userId);
        await next();
    }

    /// <summary>The frame shows this balance.</summary>
    public void Show(HttpContext http, Balance balance) =>
        http.Features.Set(new Shell(balance.Plan, balance.Status, balance.RenewsAt, balance.Available, balance.State,
            site.Admins.Contains(http.User.Email(), StringComparer.OrdinalIgnoreCase), balance.Interval, balance.EndsThen, balance.CreditsWait,
            balance.Notice, balance.Expiring ?? 0, balance.ExpiresAt, balance.Owed));

    // The error page would wait for the database once more.
    private static bool IsDatabaseAway(HttpContext http) =>
        http.Features.Get<IExceptionHandlerFeature>() is { } failed && DatabaseFaults.IsUnavailable(failed.Error);

    private async Task ReadAsync(HttpContext http, Guid userId)
    {
        try
        {
            if (await balances.ReadAsync(userId, http.RequestAborted) is { } balance)
                Show(http, balance);
        }
        // A page without its balance says more than none: this may be the one that explains the fault.
        catch (Exception fault) when (DatabaseFaults.IsUnavailable(fault) || http.Response.StatusCode >= StatusCodes.Status500InternalServerError)
        {
        }
    }
}
