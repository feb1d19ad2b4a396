using System.CommandLine;
using Aurion.Web.Infrastructure.Cli;

namespace Aurion.Web.Infrastructure.Health;

/// <summary>Asks the instance on this machine whether it is ready, for containers that have no curl.</summary>
public sealed class HealthCommand : ICommand
{
    public static readonly Option<Uri> At = new("--at") { Description = "The instance's address.", DefaultValueFactory = _ => new("http://127.0.0.1:8080") };

    public async Task<int> RunAsync(CommandLine line, CancellationToken ct)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using var answer = await http.GetAsync(new Uri(line.Get(At)!, "/health/ready"), ct);
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (HttpRequestException)
        {
            return 1;
        }
    }
}
