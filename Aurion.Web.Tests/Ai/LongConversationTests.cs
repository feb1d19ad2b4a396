using System.Diagnostics;
using Aurion.Data.Ai;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Ai;

/// <summary>What a conversation costs to read grows with its length, and not with the square of it.</summary>
public sealed class LongConversationTests(MeterApp app) : IClassFixture<MeterApp>
{
    private const int Messages = 150;
    private const int Times = 8;

    // As many as make the planner expect a few messages of one, whose user and conversation it takes for independent of one another.
    private const int Conversations = 100;

    [Fact]
    public async Task Eight_times_as_many_messages_take_far_less_than_sixty_four_times_as_long()
    {
        var user = await app.GivenUserAsync();

        var few = await ReadAsync(user, Messages);
        var many = await ReadAsync(user, Messages * Times);

        Assert.InRange(many / few, 0, 3 * Times);
    }

    /// <summary>The least of five readings, of one among many conversations of so many messages.</summary>
    private async Task<TimeSpan> ReadAsync(TestUser user, int messages)
    {
        var (id, now) = (app.NewRun(), app.Clock.GetUtcNow());
        await app.ExecuteAsync("""
            DELETE FROM conversations;
            INSERT INTO conversations (user_id, id, title, created_at, updated_at)
            SELECT CASE n WHEN 1 THEN @userId ELSE gen_random_uuid() END, CASE n WHEN 1 THEN @id ELSE gen_random_uuid() END, 'A long conversation', @now, @now FROM generate_series(1, @Conversations) AS n;
            INSERT INTO messages (user_id, id, conversation_id, parent_id, role, content, created_at, state, closed_at)
            SELECT user_id, md5(id::text || n)::uuid, id, CASE WHEN n > 1 THEN md5(id::text || n - 1)::uuid END, CASE n % 2 WHEN 1 THEN 'user' ELSE 'assistant' END,
                   'Message ' || n, @now + n * interval '1 millisecond', CASE n % 2 WHEN 0 THEN 'done' END, CASE n % 2 WHEN 0 THEN @now END
              FROM conversations, generate_series(1, @messages) AS n;
            ANALYZE conversations, messages
            """, new { userId = user.Id, id, now, messages, Conversations });
        var conversations = app.Services.GetRequiredService<ConversationStore>();
        var least = TimeSpan.MaxValue;
        for (var turn = 0; turn < 5; turn++)
        {
            var begun = Stopwatch.GetTimestamp();
            Assert.Equal(messages, (await conversations.ListMessagesAsync(user.Id, id)).Count);
            var took = Stopwatch.GetElapsedTime(begun);
            least = took < least ? took : least;
        }
        return least;
    }
}
