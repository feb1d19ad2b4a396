using System.Net;
using Aurion.Data.Infrastructure;
using Aurion.Web.Infrastructure.Jobs;
using Aurion.Web.Infrastructure.Mail;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Admin;

/// <summary>What the jobs could not do, for administrators alone.</summary>
public sealed class JobsPageTests(AdminApp app) : IClassFixture<AdminApp>
{
    [Fact]
    public async Task A_row_that_a_job_could_not_serve_is_shown_once_counted_and_in_ready()
    {
        var failures = app.Services.GetRequiredService<JobFailures>();
        for (var run = 0; run < 3; run++)
            await failures.ReportAsync<SendMailsJob>("mail 7", new TimeoutException("<b>too late</b>"));

        var row = Assert.Single((await (await app.AdminAsync()).GetPageAsync("/admin/jobs")).QuerySelectorAll("tbody tr"));
        Assert.Contains("mail 7", row.TextContent);
        Assert.Contains("TimeoutException: <b>too late</b>", row.TextContent);
        Assert.Equal("3", row.QuerySelector(".num")!.TextContent);
        var recent = Assert.Single(await app.Services.GetRequiredService<JobFailureStore>().CountRecentAsync([nameof(SendMailsJob)], [TimeSpan.FromMinutes(2)]));
        Assert.Equal(1, recent.Count);

        app.Clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Empty(await app.Services.GetRequiredService<JobFailureStore>().CountRecentAsync([nameof(SendMailsJob)], [TimeSpan.FromMinutes(2)]));
    }

    [Theory]
    [InlineData("/hangfire")]
    [InlineData("/hangfire/recurring")]
    public async Task The_engines_pages_are_there_for_administrators_only(string address)
    {
        Assert.Equal(HttpStatusCode.OK, (await (await app.AdminAsync()).GetAsync(address)).StatusCode);

        // A proxy on the same host forwards from loopback, which the engine would trust by itself.
        var visitor = app.Anonymous();
        visitor.Http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.GetAsync(address)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.SignedInAs(await app.GivenUserAsync()).GetAsync(address)).StatusCode);
    }
}
