using System.Collections.Concurrent;

namespace Aurion.Web.Infrastructure.Jobs;

/// <summary>Which jobs run in this process. Whoever comes during a run has it run once more, however many come.</summary>
public sealed class JobTurns
{
    private readonly ConcurrentDictionary<Type, bool> running = new();

    /// <summary>True when the job runs now: it will run once more after this run.</summary>
    public bool TryAgain(Type job)
    {
        while (running.TryGetValue(job, out var again))
            if (again || running.TryUpdate(job, true, false))
                return true;
        return false;
    }

    /// <summary>False when the job runs already: it will run once more.</summary>
    public bool TryBegin(Type job)
    {
        while (!running.TryAdd(job, false))
            if (TryAgain(job))
                return false;
        return true;
    }

    /// <summary>False when somebody came during the run: the caller runs the job once more, and ends again.</summary>
    public bool TryEnd(Type job)
    {
        if (running.TryRemove(KeyValuePair.Create(job, false)))
            return true;
        running[job] = false;
        return false;
    }

    /// <summary>After a run that failed: the engine tries again, which serves also those who came.</summary>
    public void Abandon(Type job) => running.TryRemove(job, out _);
}
