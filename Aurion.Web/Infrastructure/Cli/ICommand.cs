namespace Aurion.Web.Infrastructure.Cli;

/// <summary>One verb of the command line.</summary>
public interface ICommand
{
    /// <summary>The exit code: 0 when all is well.</summary>
    Task<int> RunAsync(CommandLine line, CancellationToken ct);
}
