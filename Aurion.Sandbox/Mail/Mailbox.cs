using System.Text;

namespace Aurion.Sandbox.Mail;

/// <summary>What was delivered and what was refused, newest last; kept in memory, for as long as the sandbox runs.</summary>
internal sealed class Mailbox(TimeProvider clock)
{
    private const int Kept = 1000;

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
        var mime = MimePart.Parse(raw);
        Change(() => messages.Add(new MailMessage(++lastId, clock.GetUtcNow(), mime.Header("From") ?? from, to, mime.Header("Subject") ?? "",
            mime.FindText("text/plain") ?? "", mime.FindText("text/html"), Encoding.UTF8.GetString(raw))));
    }

    public void Refuse(string from, string to) => Change(() => bounces.Add(new Bounce(clock.GetUtcNow(), from, to)));

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

/// <summary>A recipient that the stand-in refused, as the mail server of a full or closed mailbox does.</summary>
internal sealed record Bounce(DateTimeOffset At, string From, string To);
