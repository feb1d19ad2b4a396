using Aurion.Data.Ai;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Ai;

/// <summary>The application with the meter at hand.</summary>
public class MeterApp : AurionApp
{
    public const string Flat = "openai/gpt-4o-mini";
    public const string Metered = "anthropic/claude-sonnet-4";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    public HoldStore Holds => Services.GetRequiredService<HoldStore>();

    // The books are written by statements of the tests; a sweep between them would see half of a step.
    protected override void ConfigureServices(IServiceCollection services)
    {
        base.ConfigureServices(services);
        WithoutJobEngine(services);
    }

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await ExecuteAsync("UPDATE tools SET status = 'live' WHERE tool_id IN ('ai-chat', 'code-generation', 'image-generation')");
    }

    public async Task<(Guid Id, HoldOutcome Outcome)> HoldAsync(TestUser user, string model = Flat, int prompt = 100, int completion = 1000, string tool = "ai-chat", int units = 1, Guid? id = null)
    {
        var hold = id ?? NewRun();
        while (true)
        {
            var outcome = (await Holds.HoldAsync([new HoldRequest(user.Id, hold, tool, model, units, prompt, completion, Clock.GetUtcNow())], Lifetime))[0];
            if (outcome.Outcome != "RETRY")
                return (hold, outcome);
        }
    }

    public Task<Closing> SettleAsync(TestUser user, Guid id, int prompt = 100, int completion = 50, int units = 1, long? cost = 60) =>
        Holds.CloseAsync(user.Id, id, new Delivery(units, prompt, completion, cost, "gen-" + id, null));

    public Task<Closing> ReleaseAsync(TestUser user, Guid id, string reason = "provider_failed") =>
        Holds.CloseAsync(user.Id, id, new Delivery(0, 0, 0, null, null, reason));

    public Task<int> SpendableAsync(TestUser user) =>
        ScalarAsync<int>("SELECT spendable_credits(c, @now) FROM user_credits c WHERE user_id = @Id", new { user.Id, now = Clock.GetUtcNow() });

    public Task<int> HeldAsync(TestUser user) => ScalarAsync<int>("SELECT held_credits FROM user_credits WHERE user_id = @Id", new { user.Id });

    /// <summary>What is wrong in the books of the whole database.</summary>
    public async Task<string> FaultsAsync() =>
        string.Join('\n', await QueryAsync<string>("SELECT user_id || ' ' || seq || ' ' || fault FROM ledger_faults()"));

    public Guid NewRun() => Guid.CreateVersion7(Clock.GetUtcNow());
}
