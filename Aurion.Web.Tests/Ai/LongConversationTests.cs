using System.Diagnostics;
using Aurion.Data.Ai;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Ai;

/// <summary>What a conversation costs to read grows with its length, and not with the square of it.</summary>
public sealed class LongConversationTests(MeterApp app) : IClassFixture<MeterApp>
{
    private const int Messages = 400;
    private const int Times = 8;

    [Fact]
    public async Task Eight_times_as_many_messages_take_far_less_than_sixty_four_times_as_long()
    {
        var (user, conversations) = (await app.GivenUserAsync(), app.Services.GetRequiredService<ConversationStore>());
        var (few, many) = (await ConverseAsync(user, Messages), await ConverseAsync(user, Messages * Times));

        var (quick, slow) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var turn = 0; turn < 5; turn++)
        {
            quick = Least(quick, await ReadAsync(few, Messages));
            slow = Least(slow, await ReadAsync(many, Messages * Times));
        }

        Assert.InRange(slow / quick, 0, 3 * Times);

        async Task<TimeSpan> ReadAsync(Guid conversation, int count)
        {
            var begun = Stopwatch.GetTimestamp();
            Assert.Equal(count, (await conversations.ListMessagesAsync(user.Id, conversation)).Count);
            return Stopwatch.GetElapsedTime(begun);
        }
    }

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private async Task<Guid> ConverseAsync(TestUser user, int messages)
    {
        var (id, now) = (app.NewRun(), app.Clock.GetUtcNow());
        await app.ExecuteAsync("""
            INSERT INTO conversations (user_id, id, title, created_at, updated_at) VALUES (@userId, @id, 'A long conversation', @now, @now);
            INSERT INTO messages (user_id, id, conversation_id, parent_id, role, content, created_at, state, closed_at)
            SELECT @userId, md5(@id::text || n)::uuid, @id, CASE WHEN n > 1 THEN md5(@id::text || n - 1)::uuid END, CASE n % 2 WHEN 1 THEN 'user' ELSE 'assistant' END,
                   'Message ' || n, @now + n * interval '1 millisecond', CASE n % 2 WHEN 0 THEN 'done' END, CASE n % 2 WHEN 0 THEN @now END
              FROM generate_series(1, @messages) AS n
            """, new { userId = user.Id, id, now, messages });
        return id;
    }
}
