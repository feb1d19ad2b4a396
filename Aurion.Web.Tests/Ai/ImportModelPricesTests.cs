using Aurion.Web.Ai.Operating;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Ai;

/// <summary>The nightly import of OpenRouter's prices. Each test has an application of its own: the stand-in's list is one for all.</summary>
public sealed class ImportModelPricesTests : IAsyncLifetime, IDisposable
{
    private const string Flash = "google/gemini-2.5-flash";
    private readonly ChatApp app = new();

    public async Task InitializeAsync()
    {
        await app.InitializeAsync();
        await app.GivenUserAsync(email: "admin@test.example");
    }

    Task IAsyncLifetime.DisposeAsync() => ((IAsyncLifetime)app).DisposeAsync();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task Prices_that_stay_change_nothing_and_one_that_rises_counts_for_later_runs_only()
    {
        var user = await app.GivenUserAsync(10_000);
        await app.ExecuteAsync("UPDATE user_plans SET plan_type = 'plus' WHERE user_id = @Id", new { user.Id });
        await ImportAsync();
        Assert.Equal(1, await VersionAsync(MeterApp.Metered));

        var before = await app.HoldAsync(user, MeterApp.Metered);
        app.OpenRouter.Price(MeterApp.Metered, 0.000006m, 0.00003m);
        await ImportAsync();
        await ImportAsync();

        Assert.Equal(2, await VersionAsync(MeterApp.Metered));
        var after = await app.HoldAsync(user, MeterApp.Metered);
        // 100 tokens in at $3 and 1,000 out at $15 a million, $0.002 a credit; then twice as much.
        Assert.Equal((8, 16), (before.Outcome.Ceiling, after.Outcome.Ceiling));
        Assert.Equal((8, 16), ((await app.SettleAsync(user, before.Id, completion: 1000)).Credits, (await app.SettleAsync(user, after.Id, completion: 1000)).Credits));
        Assert.Equal("live", await StatusAsync(MeterApp.Metered));
        Assert.Equal("", await app.FaultsAsync());
    }

    [Fact]
    public async Task A_model_that_is_gone_is_switched_off_and_told_once()
    {
        app.OpenRouter.Remove(Flash);

        await ImportAsync();
        await ImportAsync();

        Assert.Equal(("off", ImportModelPricesJob.Gone), (await StatusAsync(Flash), await app.ScalarAsync<string>("SELECT status_reason FROM ai_models WHERE model_id = @Flash", new { Flash })));
        Assert.Equal("Gemini 2.5 Flash", await app.ScalarAsync<string>("SELECT facts ->> 'model' FROM mails WHERE kind = 'model_off'"));
        Assert.Equal(5, await app.ScalarAsync<int>("SELECT count(*) FROM ai_models WHERE kind = 'text' AND status = 'live'"));
    }

    [Theory]
    [InlineData("-1", "0.0000025", ImportModelPricesJob.Unpriced)]
    [InlineData(null, "0.0000025", ImportModelPricesJob.Unpriced)]
    [InlineData("0.0000003", "dear", ImportModelPricesJob.Unpriced)]
    [InlineData("0.0000003", "1e400", ImportModelPricesJob.Unpriced)]
    [InlineData("0.000003", "0.0000025", ImportModelPricesJob.Dearer)]
    [InlineData("0.0000003", "0.000025", ImportModelPricesJob.Dearer)]
    [InlineData("0.00000299", "0.0000249", null)]
    [InlineData("0", "0", null)]
    public async Task A_price_that_is_missing_negative_unreadable_or_tenfold_switches_the_model_off(string? prompt, string? completion, string? reason)
    {
        app.OpenRouter.List(Flash, prompt, completion);

        await ImportAsync();

        Assert.Equal(reason, await app.ScalarAsync<string?>("SELECT status_reason FROM ai_models WHERE model_id = @Flash", new { Flash }));
        Assert.Equal(reason is null ? 0 : 1, await app.ScalarAsync<int>("SELECT count(*) FROM mails WHERE kind = 'model_off'"));
        Assert.Equal(reason == ImportModelPricesJob.Unpriced ? 1 : 2, await VersionAsync(Flash));
    }

    [Fact]
    public async Task A_model_whose_day_has_come_is_switched_off_and_one_whose_day_is_tomorrow_is_not()
    {
        var today = DateOnly.FromDateTime(app.Clock.GetUtcNow().UtcDateTime);
        app.OpenRouter.List(Flash, "0.0000003", "0.0000025", today.AddDays(1).ToString("O", null));
        await ImportAsync();
        Assert.Equal("live", await StatusAsync(Flash));

        app.OpenRouter.List(Flash, "0.0000003", "0.0000025", today.ToString("O", null));
        await ImportAsync();
        Assert.Equal("off", await StatusAsync(Flash));
    }

    [Fact]
    public async Task A_row_that_cannot_be_written_is_reported_and_stops_no_other()
    {
        await app.ExecuteAsync("""
            CREATE FUNCTION refuse_price() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON model_prices FOR EACH ROW WHEN (NEW.model_id = 'openai/gpt-4o-mini') EXECUTE FUNCTION refuse_price();
            """);
        app.OpenRouter.Price(MeterApp.Flat, 0.0000002m, 0.0000006m);
        app.OpenRouter.Price("openai/gpt-5", 0.000002m, 0.00001m);

        await ImportAsync();

        Assert.Equal((1, 2), (await VersionAsync(MeterApp.Flat), await VersionAsync("openai/gpt-5")));
        Assert.Equal("model openai/gpt-4o-mini", await app.ScalarAsync<string>("SELECT subject FROM job_failures WHERE job = 'ImportModelPricesJob'"));
    }

    [Fact]
    public async Task A_list_that_lacks_half_of_the_models_is_not_believed()
    {
        foreach (var model in new[] { Flash, MeterApp.Flat, MeterApp.Metered, "openai/gpt-5" })
            app.OpenRouter.Remove(model);

        await Assert.ThrowsAsync<InvalidDataException>(ImportAsync);

        Assert.Equal(0, await app.ScalarAsync<int>("SELECT count(*) FROM ai_models WHERE status = 'off'"));
    }

    private Task ImportAsync() => app.Services.CreateScope().ServiceProvider.GetRequiredService<ImportModelPricesJob>().RunAsync(CancellationToken.None);

    private Task<int> VersionAsync(string model) => app.ScalarAsync<int>("SELECT max(version) FROM model_prices WHERE model_id = @model", new { model });

    private Task<string> StatusAsync(string model) => app.ScalarAsync<string>("SELECT status FROM ai_models WHERE model_id = @model", new { model });
}
