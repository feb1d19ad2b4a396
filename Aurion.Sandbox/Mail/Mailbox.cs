using System.Collections.Concurrent;
using System.Text;
using MimeKit;

namespace Aurion.Sandbox.Mail;

/// <summary>What was delivered and what was refused, newest last; kept in memory, for as long as the sandbox runs.</summary>
internal sealed class Mailbox(TimeProvider clock)
{
    private const int Kept = 1000;

    private static readonly TimeSpan GreylistedFor = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> firstTries = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock door = new();
    private readonly List<MailMessage> messages = [];
    private readonly List<Bounce> bounces = [];
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int lastId;

    public IReadOnlyList<MailMessage> Messages
    {
        get
        {
            lock (door)
                return [.. messages];
        }
    }

    public IReadOnlyList<Bounce> Bounces
    {
        get
        {
            lock (door)
                return [.. bounces];
        }
    }

    /// <summary>Ends at the next delivery, bounce or emptying.</summary>
    public Task Changed
    {
        get
        {
            lock (door)
                return changed.Task;
        }
    }

    public void Deliver(string from, IReadOnlyList<string> to, byte[] raw)
    {
        using var mime = MimeMessage.Load(new MemoryStream(raw));
        var (sender, subject, text, html) = (mime.From.Count == 0 ? from : mime.From.ToString(), mime.Subject ?? "", mime.TextBody ?? "", mime.HtmlBody);
        Change(() => messages.Add(new MailMessage(++lastId, clock.GetUtcNow(), sender, to, subject, text, html, Encoding.UTF8.GetString(raw))));
    }

    /// <summary>Whether a recipient is taken: bounce@ never, greylist@ from a minute after the first try.</summary>
    public RecipientVerdict Judge(string from, string to)
    {
        var (now, name) = (clock.GetUtcNow(), to.Split('@')[0].ToLowerInvariant());
        if (name is not ("bounce" or "greylist"))
            return RecipientVerdict.Taken;
        if (name == "greylist" && now - firstTries.GetOrAdd(to, now) >= GreylistedFor)
            return RecipientVerdict.Taken;
        var verdict = name == "bounce" ? RecipientVerdict.Refused : RecipientVerdict.Greylisted;
        Change(() => bounces.Add(new Bounce(now, from, to, verdict == RecipientVerdict.Refused ? "refused" : "greylisted")));
        return verdict;
    }

    public void Clear() => Change(() =>
    {
        messages.Clear();
        bounces.Clear();
    });

    private void Change(Action change)
    {
        TaskCompletionSource before;
        lock (door)
        {
            change();
            if (messages.Count > Kept)
                messages.RemoveAt(0);
            before = changed;
            changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        before.SetResult();
    }
}

/// <summary>A recipient that was not taken: refused for good (550) as a closed mailbox is, or greylisted (450) for a minute.</summary>
public sealed record Bounce(DateTimeOffset At, string From, string To, string Verdict);

internal enum RecipientVerdict
{
    Taken,
    Greylisted,
    Refused,
}
