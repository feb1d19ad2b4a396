using System.Net;

namespace Aurion.Web.Tests.Infrastructure;

public sealed class KeyRingTests(AurionApp first) : IClassFixture<AurionApp>
{
    [Fact]
    public async Task A_form_of_one_node_may_be_posted_to_another()
    {
        await using var second = await SecondNode.StartAsync(first);
        var reader = first.Anonymous();
        var token = await reader.FormTokenAsync("/account/sign-in");

        var field = KeyValuePair.Create("__RequestVerificationToken", token);
        var other = second.Browser(reader.Jar.Copy());
        var known = await other.SendFormAsync("/account/sign-in", [field, new("Input.Email", "nobody@test.example"), new("Input.Password", "wrong-password")]);
        var forged = await other.SendFormAsync("/account/sign-in", [KeyValuePair.Create(field.Key, "CfDJ8" + field.Value[5..^4] + "AAAA")]);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, known.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
    }
}
