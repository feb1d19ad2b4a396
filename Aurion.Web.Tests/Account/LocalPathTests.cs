using Aurion.Web.Account;

namespace Aurion.Web.Tests.Account;

public sealed class LocalPathTests
{
    public static TheoryData<string?> Foreign =>
    [
        null, "", " ", "dashboard", "https://evil.example", "http://evil.example/dashboard", "HTTPS:evil.example", "https:/evil.example",
        "https:///evil.example", "//evil.example", "///evil.example", "////evil.example", "//evil.example/..", "/\\evil.example",
        "\\/evil.example", "\\\\evil.example", "/\\/evil.example", "/\t/evil.example", "\t//evil.example", " //evil.example", "/\n/evil.example",
        "/\r\n/evil.example", "/\r\nLocation: https://evil.example", "/\0/evil.example", "/\u2028/evil.example", "/\u3000/evil.example",
        "/.//evil.example", "/..//evil.example", "/a/..//evil.example", "/./\\evil.example", "/%2e//evil.example", "/%2E%2e//evil.example",
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "mailto:a@evil.example", "ftp://evil.example", "file:///etc/passwd",
        "~/dashboard", "~//evil.example", "@evil.example", ":evil.example", "?x=//evil.example", "#//evil.example", "/／evil.example", "／／evil.example",
        "/é", "/\u202eevil", "/account/sign-out", "/Account/Sign-In?returnUrl=/", "/./account/sign-out", "/" + "a".PadRight(2000, 'a'),
    ];

    [Theory]
    [MemberData(nameof(Foreign))]
    public void An_address_that_may_lead_elsewhere_becomes_the_dashboard(string? asked) =>
        Assert.Equal("/dashboard", LocalPath.OrDashboard(asked));

    [Theory]
    [InlineData("/")]
    [InlineData("/tools")]
    [InlineData("/tools/app-builder?from=search#top")]
    [InlineData("/credits?filter=%C3%A9t%C3%A9")]
    [InlineData("/pricing?next=https://evil.example")]
    [InlineData("/a//b")]
    [InlineData("/account")]
    public void An_address_of_this_site_is_kept(string asked) => Assert.Equal(asked, LocalPath.OrDashboard(asked));
}
