using System.Text;
using Aurion.Data.Tools;

namespace Aurion.Web.Tools.Calls;

/// <summary>A call that this process is making: its answer so far, for whoever follows it, the way to stop it, and its end.</summary>
public sealed class ToolRunning(Guid userId, Guid id) : IDisposable
{
    private readonly Lock door = new();
    private readonly StringBuilder text = new();
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource<ToolRunEnd> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool isDisposed;

    public Guid UserId => userId;

    public Guid Id => id;

    /// <summary>The functions that the model calls: JSON, null when there are none.</summary>
    public string? Calls { get; set; }

    /// <summary>Why it ended otherwise than complete.</summary>
    public string? Reason { get; set; }

    /// <summary>Its person wants no more of it.</summary>
    public CancellationToken Stopping => stop.Token;

    /// <summary>Ends once the answer is stored and paid for.</summary>
    public Task<ToolRunEnd> Ended => ended.Task;

    public string Text
    {
        get
        {
            lock (door)
                return text.ToString();
        }
    }

    /// <summary>Adds what came; U+0000 cannot be stored.</summary>
    public void Append(string piece)
    {
        TaskCompletionSource told;
        lock (door)
        {
            text.Append(piece.Replace("\0", "", StringComparison.Ordinal));
            (told, changed) = (changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        told.SetResult();
    }

    public void End(ToolRunEnd end) => ended.TrySetResult(end);

    public void Stop()
    {
        lock (door)
            if (!isDisposed)
                stop.Cancel();
    }

    public void Dispose()
    {
        lock (door)
            isDisposed = true;
        stop.Dispose();
    }

    /// <summary>What stands after an offset, and a task that ends when there may be more.</summary>
    public (string Text, Task Changed) From(int offset)
    {
        lock (door)
            return (offset < text.Length ? text.ToString(offset, text.Length - offset) : "", changed.Task);
    }
}
