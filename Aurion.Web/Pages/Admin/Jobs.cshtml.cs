using Aurion.Data.Infrastructure;
using Aurion.Web.Account;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages.Admin;

/// <summary>What the jobs could not do, the latest first.</summary>
[Authorize(AccountRegistration.AdminPolicy)]
public sealed class JobsModel(JobFailureStore failures) : PageModel
{
    public IReadOnlyList<JobFailure> Failures { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken ct) => Failures = await failures.ListAsync(ct);
}
