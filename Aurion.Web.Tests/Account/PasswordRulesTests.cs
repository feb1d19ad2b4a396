using Aurion.Web.Account;

using Aurion.Web.Account.Passwords;
namespace Aurion.Web.Tests.Account;

public sealed class PasswordRulesTests
{
    [Theory]
    [InlineData("password")]
    [InlineData("Password1")]
    [InlineData("P@ssw0rd")]
    [InlineData("P4$$w0rd!2026")]
    [InlineData("azertyuiop")]
    [InlineData("Azerty123!")]
    [InlineData("qwerty123")]
    [InlineData("motdepasse")]
    [InlineData("MotDePasse1!")]
    [InlineData("Bienvenue2026")]
    [InlineData("Soleil2026!")]
    [InlineData("12345678")]
    [InlineData("87654321")]
    [InlineData("19840321")]
    [InlineData("aaaaaaaa")]
    [InlineData("abcabcabc")]
    [InlineData("1qaz2wsx")]
    [InlineData("iloveyou!!")]
    [InlineData("Marseille13")]
    [InlineData("doudou1234")]
    [InlineData("ｐａｓｓｗｏｒｄ")]
    [InlineData("aurion2026")]
    public void What_everybody_tries_first_is_common(string password) =>
        Assert.Equal(PasswordFault.Common, PasswordRules.Check(password, "x@test.example", null));

    [Theory]
    [InlineData("jmartinez")]
    [InlineData("JMartinez2026")]
    [InlineData("jmartinez@corp.example")]
    [InlineData("Johanna!!1")]
    [InlineData("corp2026!")]
    public void What_the_name_or_e_mail_gives_away_is_personal(string password) =>
        Assert.Equal(PasswordFault.Personal, PasswordRules.Check(password, "jmartinez@corp.example", "Johanna Martinez"));

    [Theory]
    [InlineData(7, PasswordFault.TooShort)]
    [InlineData(8, PasswordFault.None)]
    [InlineData(128, PasswordFault.None)]
    [InlineData(129, PasswordFault.TooLong)]
    public void Eight_to_a_hundred_and_twenty_eight_characters(int length, PasswordFault fault) =>
        Assert.Equal(fault, PasswordRules.Check(Mixed(length), "x@test.example", null));

    [Theory]
    [InlineData("correct donkey fuse")]
    [InlineData("kT8#vmq2")]
    [InlineData("tournesol bleu de Prusse")]
    [InlineData("日本語のパスワード")]
    [InlineData("        spaces count  ")]
    [InlineData("jmartinez mange trois kiwis")]
    public void Long_or_rare_is_enough(string password) =>
        Assert.Equal(PasswordFault.None, PasswordRules.Check(password, "jmartinez@corp.example", null));

    [Fact]
    public void A_character_is_what_a_person_sees() =>
        Assert.Equal(PasswordFault.TooShort, PasswordRules.Check("👩‍👩‍👧‍👦🇫🇷é", "x@test.example", null));

    private static string Mixed(int length) => string.Concat(Enumerable.Range(0, length).Select(i => "kx7vqb2mzt"[i * 7 % 10 * (i % 3 + 1) % 10]));

    [Theory]
    [InlineData("trustno1")]
    [InlineData("starwars99")]
    [InlineData("Slipknot666")]
    [InlineData("chelsea2024")]
    public void What_leaked_most_often_is_common_though_no_rule_of_ours_names_it(string password) =>
        Assert.Equal(PasswordFault.Common, PasswordRules.Check(password, "x@test.example", null));

    [Fact]
    public void More_than_three_thousand_passwords_are_known_as_common() => Assert.InRange(PasswordRules.CommonWords, 10_000, 100_000);
}
