using System.Net;
using System.Text.Json;
using Aurion.Sandbox.Stripe.Control;
using Aurion.Web.Tests.Infrastructure;

namespace Aurion.Web.Tests.Billing;

/// <summary>Whatever keeps Stripe away, pages and the API say it once, in the same words, and say nothing of charges that they do not know.</summary>
public sealed class StripeAwayTests(StripeAwayTests.App app) : IClassFixture<StripeAwayTests.App>
{
    [Theory]
    [InlineData(CallFaultKind.Unavailable)]
    [InlineData(CallFaultKind.Error)]
    [InlineData(CallFaultKind.AnswerLost)]
    [InlineData(CallFaultKind.Unauthorized)]
    [InlineData(CallFaultKind.Forbidden)]
    [InlineData(CallFaultKind.RateLimited)]
    public async Task A_page_says_it_in_the_persons_language(CallFaultKind kind)
    {
        var user = await app.GivenSubscriberAsync("starter");
        using var fault = app.Stripe.Faults.OnCall("*", kind, times: 100);

        foreach (var (language, sentence, way) in new[]
        {
            ("en", "Our payment partner does not answer at the moment. Please try again in a few minutes.", "Plan and billing"),
            ("fr", "Notre prestataire de paiement ne répond pas pour le moment. Réessayez dans quelques minutes.", "Abonnement et factures"),
        })
        {
            var browser = app.SignedInAs(user);
            browser.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
            var response = await browser.PostFormAsync("/billing/portal", from: "/billing");

            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            var html = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());
            Assert.Contains(sentence, html, StringComparison.Ordinal);
            Assert.Contains(way, html, StringComparison.Ordinal);
            Assert.DoesNotContain("Nothing was charged", html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_API_says_it_with_a_code_for_programs()
    {
        var user = await app.GivenUserAsync();
        using var fault = app.Stripe.Faults.OnCall("*", CallFaultKind.Unavailable, times: 100);

        var response = await app.WithToken(user).PostJsonAsync("/api/create-checkout", new { plan = "starter" });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("STRIPE_UNREACHABLE", problem.GetProperty("code").GetString());
        Assert.Equal("Our payment partner does not answer at the moment. Please try again in a few minutes.", problem.GetProperty("message").GetString());
    }

    public sealed class App : BillingApp
    {
        protected override bool StripeRunsByItself => false;
    }
}
