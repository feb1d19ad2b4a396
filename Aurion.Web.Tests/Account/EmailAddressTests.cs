using Aurion.Web.Infrastructure;

namespace Aurion.Web.Tests.Account;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("a@b.co", "a@b.co")]
    [InlineData("  Ann.Lee+tag@Example.COM ", "ann.lee+tag@example.com")]
    [InlineData("ann@bücher.example", "ann@xn--bcher-kva.example")]
    [InlineData("o'hara@mail.example", "o'hara@mail.example")]
    public void An_address_has_one_spelling(string typed, string stored) => Assert.Equal(stored, EmailAddress.Normalize(typed));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("a@")]
    [InlineData("@b.co")]
    [InlineData("a@b")]
    [InlineData("a@@b.co")]
    [InlineData("a b@c.co")]
    [InlineData("a@b..co")]
    [InlineData("a@-b.co")]
    [InlineData("a@b.co\nx")]
    [InlineData("a\0@b.co")]
    [InlineData("<a@b.co>")]
    [InlineData("a@b.co,c@d.co")]
    [InlineData("é@b.co")]
    [InlineData("a@[127.0.0.1]")]
    public void What_cannot_be_an_address_is_none(string? typed) => Assert.Null(EmailAddress.Normalize(typed));

    [Fact]
    public void Two_hundred_and_fifty_four_characters_at_most()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('d', 46), 4)) + ".example";
        var local = new string('a', EmailAddress.MaxLength - domain.Length - 1);

        Assert.NotNull(EmailAddress.Normalize($"{local}@{domain}"));
        Assert.Null(EmailAddress.Normalize($"a{local}@{domain}"));
    }
}
