using System.Runtime.CompilerServices;
using System.Text;
using Aurion.Data.Ai;

namespace Aurion.Web.Ai.Chat;

/// <summary>An answer that this process is writing: its text so far, for whoever follows it, and the way to stop it.</summary>
public sealed class LiveAnswer(Guid userId, Guid id) : IDisposable
{
    private readonly Lock door = new();
    private readonly StringBuilder text = new();
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource<AnswerEnd> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string half = "";
    private bool isComplete;
    private bool isDisposed;

    public Guid UserId => userId;

    public Guid Id => id;

    public CancellationToken Stopping => stop.Token;

    /// <summary>Whether the person stopped it; otherwise it was us.</summary>
    public bool IsStoppedByPerson { get; private set; }

    /// <summary>Ends once it is stored and paid for.</summary>
    public Task<AnswerEnd> Ended => ended.Task;

    /// <summary>Adds what came. U+0000 cannot be stored; half of a character waits for its other half.</summary>
    public void Append(string piece)
    {
        piece = half + piece.Replace("\0", "", StringComparison.Ordinal);
        half = piece.Length > 0 && char.IsHighSurrogate(piece[^1]) ? piece[^1..] : "";
        lock (door)
            text.Append(piece, 0, piece.Length - half.Length);
        Tell();
    }

    /// <summary>Nothing more will come.</summary>
    public void Complete()
    {
        lock (door)
            isComplete = true;
        Tell();
    }

    public void End(AnswerEnd end) => ended.TrySetResult(end);

    public void Stop(bool byPerson)
    {
        IsStoppedByPerson |= byPerson;
        lock (door)
            if (!isDisposed)
                stop.Cancel();
    }

    /// <summary>What stands after an offset, whether that is all, and a task that ends when there may be more.</summary>
    public (string Text, bool IsComplete, Task Changed) From(int offset)
    {
        lock (door)
            return (offset < text.Length ? text.ToString(offset, text.Length - offset) : "", isComplete, changed.Task);
    }

    /// <summary>The text as it comes, each piece with the offset after it, until all of it is settled; an empty piece after a silence.</summary>
    public async IAsyncEnumerable<(string Text, int End)> ReadAsync(int offset, TimeSpan silence, [EnumeratorCancellation] CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var (piece, isAll, changed) = From(offset);
            offset += piece.Length;
            if (piece.Length > 0)
                yield return (piece, offset);
            else if (ended.Task.IsCompleted)
                yield break;
            else if (!await HasEndedAsync(isAll ? ended.Task : changed, silence, ct))
                yield return ("", offset);
        }
    }

    public void Dispose()
    {
        lock (door)
            isDisposed = true;
        stop.Dispose();
    }

    private static async Task<bool> HasEndedAsync(Task task, TimeSpan patience, CancellationToken ct)
    {
        try
        {
            await task.WaitAsync(patience, ct);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    private void Tell()
    {
        TaskCompletionSource told;
        lock (door)
            (told, changed) = (changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        told.SetResult();
    }
}
