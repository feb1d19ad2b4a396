using System.Diagnostics;
using System.Net.Http.Json;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Ai;

/// <summary>kill -9 of the process that writes an answer, at several moments: the job of another process ends the run once.</summary>
public sealed class KilledAnswerTests(ChatApp app) : IClassFixture<ChatApp>
{
    [Fact]
    public async Task What_was_stored_before_the_kill_is_settled_once_and_the_rest_is_released()
    {
        var address = KillableWeb.FreeAddress();
        var users = new List<(TestUser User, ToldAnswer Told)>();
        using (var web = await StartAsync(address))
        {
            foreach (var (message, deltas) in new[] { ("fail:silence", 0), ("Repeat: a b c d e f g h i j k l m n o fail:slow", 1), ("Repeat: a b c d e f g h i j k l m n o fail:slow", 4) })
            {
                var user = await app.GivenUserAsync(100);
                using var http = new HttpClient { BaseAddress = address, DefaultRequestHeaders = { Authorization = new("Bearer", user.Token) } };
                using var request = new HttpRequestMessage(HttpMethod.Post, "/api/ai-chat") { Content = JsonContent.Create(new { message }) };
                users.Add((user, await ChatApp.ReadAsync(await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead), deltas)));
            }
            web.Kill();
            await web.WaitForExitAsync();
        }
        Assert.All(await Task.WhenAll(users.Select(each => app.HeldAsync(each.User))), held => Assert.Equal(1, held));

        // Nobody has said since the kill that they live.
        app.Clock.Advance(TimeSpan.FromSeconds(21));
        await Task.WhenAll(app.RunJobAsync(), app.RunJobAsync());

        foreach (var (user, told) in users)
        {
            var end = await ChatApp.ReadAsync(await app.WithToken(user).GetAsync($"/api/ai-chat/{told.AnswerId}"));
            Assert.Equal("interrupted", end.Reason);
            // The person is charged for what is there to read, and for nothing else.
            Assert.Equal(end.Text.Length > 0 ? ("broken", 1) : ("failed", 0), (end.State, end.Credits));
            Assert.Equal((100 - end.Credits, 0), (await app.SpendableAsync(user), await app.HeldAsync(user)));
            Assert.Equal(1, await app.ScalarAsync<int>("SELECT count(*)::int FROM usage_logs WHERE user_id = @Id AND action_type = 'use_tool_ai-chat'", new { user.Id }));
        }
        Assert.Contains(users, each => each.Told.Text.Length > 0);
        Assert.Equal("", await app.FaultsAsync());
    }

    private Task<Process> StartAsync(Uri address) => KillableWeb.StartAsync(app, address, ("OPENROUTER_API_KEY", ChatApp.Key), ("OPENROUTER_API_BASE", app.OpenRouter.Address));
}
