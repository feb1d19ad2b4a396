using Aurion.Sandbox.Seed;
using static Aurion.Sandbox.Look.Page;

namespace Aurion.Sandbox.Host;

/// <summary>The demo accounts to sign in with, for the bar on top of each page.</summary>
internal static class DemoAccountsPage
{
    public static string Of(string web, string password) => Shell("Demo accounts", $"""
        <header class="row between"><h1>Demo accounts</h1><a class="btn" href="{Encode(web)}/account/sign-in">Sign in</a></header>
        <p class="quiet">The password of each is <span class="mono">{Encode(password)}</span></p>
        <section class="card"><ul class="list">{string.Concat(DemoAccounts.Told.Select(account => $"""
            <li class="row between"><span class="mono">{Encode(account.Email)}</span><span class="quiet">{Encode(account.What)}</span></li>
            """))}</ul></section>
        <p><a href="/">Mailbox</a></p>
        """);
}
