using System.Security.Claims;
using Aurion.Web.Infrastructure.Security;

namespace Aurion.Web.Account.Deletion;

/// <summary>POST /api/gdpr/delete-account: what the page /account/delete does, for programs. The token that asked has ended by then.</summary>
internal static class DeleteAccountEndpoint
{
    private const int PerMinute = 6;

    internal static void MapAccountDeletion(this WebApplication app) =>
        app.MapPost("/api/gdpr/delete-account", ScheduleAsync).RequireAuthorization().LimitTo(PerMinute);

    private static async Task<IResult> ScheduleAsync(ClaimsPrincipal user, AccountDeletions deletions, CancellationToken ct)
    {
        var deletion = await deletions.ScheduleAsync(user.Id(), ct);
        return Results.Json(new { status = "scheduled", deletesAt = deletion.DueAt.UtcDateTime }, statusCode: StatusCodes.Status202Accepted);
    }
}
