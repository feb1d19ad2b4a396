using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Infrastructure.Settings;
using Hangfire;
using Hangfire.PostgreSql;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Infrastructure;

public sealed class JobRegistrationTests
{
    [Fact]
    public void Hosts_of_one_process_keep_their_own_storage_and_services()
    {
        // Neither is disposed: Hangfire keeps the logger of the last host, and the storages of other tests would fail with it.
        var first = Host();
        var second = Host();

        _ = first.Services.GetRequiredService<IGlobalConfiguration>();
        _ = second.Services.GetRequiredService<IGlobalConfiguration>();

        Assert.Same(first.Services.GetRequiredService<PostgreSqlStorage>(), first.Services.GetRequiredService<JobStorage>());
        using var scope = first.Services.GetRequiredService<JobActivator>().BeginScope(default(JobActivatorContext));
        Assert.Same(first.Services.GetRequiredService<JobTurns>(), scope.Resolve(typeof(JobTurns)));
    }

    private static WebApplication Host()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(new DatabaseOptions { ConnectionString = "Host=127.0.0.1;Port=9;Database=aurion" });
        builder.AddJobs([]);
        return builder.Build();
    }
}
