using Aurion.Web.Infrastructure.Clock;

namespace Aurion.Web.Tests.Infrastructure;

public sealed class ClockTests
{
    [Fact]
    public void A_clock_follows_the_shared_file_at_once()
    {
        var file = Path.Combine(Path.GetTempPath(), "aurion-clock-" + Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
        try
        {
            File.WriteAllBytes(file, new byte[8]);
            using var clock = new SharedFileClock(file);
            Assert.Equal(TimeProvider.System.GetUtcNow(), clock.GetUtcNow(), TimeSpan.FromSeconds(5));

            using (var writer = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                writer.Write(BitConverter.GetBytes(TimeSpan.FromDays(40).Ticks));

            Assert.Equal(TimeProvider.System.GetUtcNow().AddDays(40), clock.GetUtcNow(), TimeSpan.FromSeconds(5));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
