using Aurion.Web.Tests.Billing;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Admin;

/// <summary>The shop with an administrator.</summary>
public sealed class AdminApp : BillingApp
{
    private TestUser? admin;

    protected override bool StripeRunsByItself => false;

    /// <summary>The administrator's browser.</summary>
    public async Task<TestClient> AdminAsync() => SignedInAs(admin ??= await GivenUserAsync(email: "admin@test.example"));

    /// <summary>What the books say is wrong, of anybody.</summary>
    public Task<IReadOnlyList<string>> FaultsAsync() => QueryAsync<string>("SELECT user_id || ' ' || seq || ' ' || fault FROM ledger_faults()");
}
