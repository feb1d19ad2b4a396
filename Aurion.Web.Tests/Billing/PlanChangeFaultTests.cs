using Aurion.Sandbox.Stripe.Control;
using static Aurion.Web.Tests.Billing.PlanChangeFaultApp;

namespace Aurion.Web.Tests.Billing;

/// <summary>
/// Every call of every change fails in turn, in every way. All of them end in what the person chose, charged once where something is charged; and
/// on the way nobody is told more than is known.
/// </summary>
public sealed class PlanChangeFaultTests(PlanChangeFaultApp app) : IClassFixture<PlanChangeFaultApp>
{
    public static IEnumerable<object[]> Faults => Enum.GetValues<Wish>().SelectMany(wish =>
        new[] { CallFaultKind.Unavailable, CallFaultKind.AnswerLost }.Select(kind => new object[] { wish, kind }));

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_call_that_fails_leaves_what_the_person_chose(Wish wish, CallFaultKind kind)
    {
        // The client tries a second time by itself: that fails, too.
        for (var nth = 1; await app.LiveAsync(wish, () => app.Stripe.Faults.OnCall("*", kind, nth, 2)); nth++)
            Assert.InRange(nth, 1, MostCalls);
    }
}

/// <summary>The same with an error that Stripe keeps for the call's idempotency key, and with a call that times out.</summary>
public sealed class PlanChangeKeptErrorTests(PlanChangeFaultApp app) : IClassFixture<PlanChangeFaultApp>
{
    public static IEnumerable<object[]> Errors => Enum.GetValues<Wish>().SelectMany(wish =>
        new[] { CallFaultKind.Error, CallFaultKind.ErrorAfterEffect }.Select(kind => new object[] { wish, kind }));

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task An_error_that_is_kept_leaves_what_the_person_chose(Wish wish, CallFaultKind kind)
    {
        for (var nth = 1; await app.LiveAsync(wish, () => app.Stripe.Faults.OnCall("*", kind, nth, 1)); nth++)
            Assert.InRange(nth, 1, MostCalls);
    }

    [Theory]
    [InlineData(Wish.UpgradeThatWasToEnd, CallFaultKind.TimeOut)]
    [InlineData(Wish.UpgradeThatWasToEnd, CallFaultKind.TimeOutAfterEffect)]
    [InlineData(Wish.CancelThatWasToShrink, CallFaultKind.TimeOutAfterEffect)]
    public async Task A_write_that_times_out_leaves_what_the_person_chose(Wish wish, CallFaultKind kind)
    {
        for (var nth = 1; await app.LiveAsync(wish, () => app.Stripe.Faults.OnCall("POST /v1/subscription*", kind, nth, 2)); nth++)
            Assert.InRange(nth, 1, MostCalls);
    }
}

/// <summary>The same with a process that dies before and after each call.</summary>
public sealed class PlanChangeDeathTests(PlanChangeFaultApp app) : IClassFixture<PlanChangeFaultApp>
{
    public static IEnumerable<object[]> Deaths => Enum.GetValues<Wish>().SelectMany(wish => Enum.GetValues<Death>().Select(death => new object[] { wish, death }));

    [Theory]
    [MemberData(nameof(Deaths))]
    public async Task A_process_that_dies_leaves_what_the_person_chose(Wish wish, Death death)
    {
        for (var nth = 1; await app.DieAsync(wish, death, nth); nth++)
            Assert.InRange(nth, 1, MostCalls);
    }
}
