using Aurion.Web.Infrastructure.Commands;

namespace Aurion.Web.Infrastructure.Health;

/// <summary>Asks the instance on this machine whether it is ready, for containers that have no curl. <c>--at=</c> names another address.</summary>
public sealed class HealthCommand : ICommand
{
    private const string At = "--at=";

    public async Task<int> RunAsync(CommandLine line, CancellationToken ct)
    {
        var address = line.Options.FirstOrDefault(option => option.StartsWith(At, StringComparison.Ordinal))?[At.Length..] ?? "http://127.0.0.1:8080";
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using var answer = await http.GetAsync(new Uri(new Uri(address), "/health/ready"), ct);
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (HttpRequestException)
        {
            return 1;
        }
    }
}
