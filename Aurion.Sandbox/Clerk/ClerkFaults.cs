namespace Aurion.Sandbox.Clerk;

/// <summary>For tests: answers that fail, for paths that begin in a certain way and so many times.</summary>
internal sealed class ClerkFaults
{
    private readonly Lock door = new();
    private readonly List<Fault> faults = [];

    /// <summary>Status 0 never answers.</summary>
    public void Add(string path, int status, int times)
    {
        lock (door)
            faults.Add(new Fault(path, status) { Left = times });
    }

    public void Clear()
    {
        lock (door)
            faults.Clear();
    }

    public async Task ApplyAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path.StartsWithSegments("/sandbox") || Take(context.Request.Path) is not { } status)
            await next(context);
        else if (status == 0)
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        else
            await ClerkAnswers.Error(status, status == 429 ? "too_many_requests" : "internal_clerk_error", status == 429 ? "Too many requests" : "Oops, an unexpected error occurred").ExecuteAsync(context);
    }

    private int? Take(PathString path)
    {
        lock (door)
        {
            if (faults.Find(fault => fault.Left > 0 && path.Value!.StartsWith(fault.Path, StringComparison.Ordinal)) is not { } found)
                return null;
            found.Left--;
            return found.Status;
        }
    }

    private sealed record Fault(string Path, int Status)
    {
        public int Left { get; set; }
    }
}
