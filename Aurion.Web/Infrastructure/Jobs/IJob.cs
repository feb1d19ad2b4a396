namespace Aurion.Web.Infrastructure.Jobs;

/// <summary>Work that re-reads the truth, and may run twice, late, or at the same time on another node.</summary>
public interface IJob
{
    Task RunAsync(CancellationToken ct);
}
