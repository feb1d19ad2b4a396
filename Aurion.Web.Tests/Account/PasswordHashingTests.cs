using System.Diagnostics;
using Aurion.Web.Account;
using Aurion.Web.Account.Passwords;
using Microsoft.AspNetCore.Identity;
namespace Aurion.Web.Tests.Account;

public sealed class PasswordHashingTests
{
    [Fact]
    public async Task A_stranger_costs_as_much_work_as_somebody_we_know()
    {
        using var passwords = new PasswordHashing();
        var hash = await passwords.HashAsync("a password", default);
        List<double> known = [], stranger = [];
        for (var i = 0; i < 5; i++)
        {
            known.Add(await MeasureAsync(() => passwords.VerifyAsync(hash, "another", default)));
            stranger.Add(await MeasureAsync(() => passwords.VerifyAsync(null, "another", default)));
        }

        // Far apart enough for a busy machine; skipping the work would be a thousand times faster.
        Assert.InRange(stranger.Min() / known.Min(), 0.5, 2);
    }

    [Fact]
    public async Task No_password_is_a_strangers()
    {
        using var passwords = new PasswordHashing();

        Assert.Equal(PasswordVerificationResult.Failed, await passwords.VerifyAsync(null, "", default));
    }

    [Fact]
    public async Task The_same_letters_typed_on_two_systems_are_one_password()
    {
        using var passwords = new PasswordHashing();
        var hash = await passwords.HashAsync("caf\u00e9 cr\u00e8me \ufb01n", default);

        Assert.Equal(PasswordVerificationResult.Success, await passwords.VerifyAsync(hash, "cafe\u0301 cre\u0300me fin", default));
    }

    [Fact]
    public async Task Beyond_those_who_wait_already_people_are_asked_to_come_back()
    {
        using var passwords = new PasswordHashing();

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => passwords.VerifyAsync(null, "x", default)));

        Assert.Contains(answers, a => a is null);
        Assert.InRange(answers.Count(a => a is not null), 41, 59);
    }

    private static async Task<double> MeasureAsync(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
