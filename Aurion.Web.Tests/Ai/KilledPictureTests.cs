using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Ai;

/// <summary>kill -9 of the process that draws, before, during and after it has asked the provider: another one goes on and charges once.</summary>
public sealed class KilledPictureTests(PictureApp app) : IClassFixture<PictureApp>
{
    [Theory]
    [InlineData(PictureApp.Flux, "fail:silence")]
    [InlineData(PictureApp.OpenRouterFlux, "fail:silence")]
    public async Task What_a_killed_process_was_asking_for_is_asked_for_by_the_next_one(string engine, string trouble)
    {
        var user = await app.GivenUserAsync(100);
        var address = KillableWeb.FreeAddress();
        Guid batch;
        using (var web = await StartAsync(address))
        {
            using var http = new HttpClient { BaseAddress = address, DefaultRequestHeaders = { Authorization = new("Bearer", user.Token) } };
            var answer = await http.PostAsJsonAsync("/api/generate-image", new { prompt = $"a lamp {app.NewRun():N} {trouble}", engine });
            batch = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("batchId").GetGuid();
            await Eventually.HoldsAsync(() => app.ScalarAsync<bool>("SELECT asks > 0 FROM pictures WHERE batch_id = @batch", new { batch }), "the process draws");
            web.Kill();
            await web.WaitForExitAsync();
        }
        Assert.Equal((90, 10), (await app.SpendableAsync(user), await app.HeldAsync(user)));
        // The provider has recovered meanwhile.
        await app.ExecuteAsync("UPDATE picture_batches SET prompt = 'a lamp' WHERE id = @batch", new { batch });

        await app.RunJobAsync();

        var picture = Assert.Single(await app.ReadAsync(user, batch));
        Assert.Equal(("done", 10), (picture.State, picture.Credits));
        Assert.Equal((90, 0, 1), (await app.SpendableAsync(user), await app.HeldAsync(user), await app.RowsAsync(user)));
        Assert.Equal("", await app.FaultsAsync());
    }

    [Fact]
    public async Task A_task_that_had_begun_is_fetched_and_not_asked_for_again()
    {
        var user = await app.GivenUserAsync(100);
        var address = KillableWeb.FreeAddress();
        Guid batch;
        using (var web = await StartAsync(address))
        {
            using var http = new HttpClient { BaseAddress = address, DefaultRequestHeaders = { Authorization = new("Bearer", user.Token) } };
            batch = (await (await http.PostAsJsonAsync("/api/generate-image", new { prompt = $"a lamp {app.NewRun():N} fail:never" })).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("batchId").GetGuid();
            await Eventually.HoldsAsync(() => app.ScalarAsync<bool>("SELECT task_id IS NOT NULL FROM pictures WHERE batch_id = @batch", new { batch }), "the process draws");
            web.Kill();
            await web.WaitForExitAsync();
        }
        var tasks = await app.TasksAsync();

        await app.RunJobAsync();

        Assert.Equal(("done", 10), (Assert.Single(await app.ReadAsync(user, batch)).State, 100 - await app.SpendableAsync(user)));
        Assert.Equal(tasks, await app.TasksAsync());
    }

    private Task<Process> StartAsync(Uri address) => KillableWeb.StartAsync(app, address,
            ("FREEPIK_API_KEY", PictureApp.FreepikKey), ("FREEPIK_API_BASE", app.Freepik.Address), ("OPENROUTER_API_KEY", ChatApp.Key), ("OPENROUTER_API_BASE", app.OpenRouter.Address));
}
