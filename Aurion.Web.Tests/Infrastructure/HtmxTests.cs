using Aurion.Web.Infrastructure.Htmx;
using Microsoft.AspNetCore.Http;

namespace Aurion.Web.Tests.Infrastructure;

public sealed class HtmxTests
{
    private readonly DefaultHttpContext context = new();

    [Fact]
    public void Whoever_asks_for_htmx_lets_caches_know()
    {
        context.Response.Headers.Vary = "Accept-Encoding";
        Assert.False(context.Request.IsHtmx());

        context.Request.Headers["HX-Request"] = "true";
        Assert.True(context.Request.IsHtmx());

        Assert.Contains("HX-Request", context.Response.Headers.Vary.ToString());
        Assert.Contains("Accept-Encoding", context.Response.Headers.Vary.ToString());
    }

    [Fact]
    public void The_answer_carries_where_to_go_and_what_to_raise()
    {
        context.Response.Htmx(h => h.Redirect("/dashboard").WithTrigger("saved").WithTrigger("toast", new { text = "Done" }));

        Assert.Equal("/dashboard", context.Response.Headers["HX-Redirect"]);
        Assert.Contains("saved", context.Response.Headers["HX-Trigger"].ToString());
        Assert.Contains("{\"text\":\"Done\"}", context.Response.Headers["HX-Trigger"].ToString());
    }
}
