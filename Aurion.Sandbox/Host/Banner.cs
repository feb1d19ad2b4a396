using System.Globalization;
using Aurion.Sandbox.Seed;

namespace Aurion.Sandbox.Host;

/// <summary>What a newcomer reads once everything runs.</summary>
internal static class Banner
{
    public static void Print(SandboxAddresses addresses, SandboxSecrets secrets, bool noWeb, string file, TimeSpan elapsed)
    {
        var seconds = elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        Console.WriteLine(noWeb
            ? $"AURION's surroundings are ready after {seconds} s. Start Aurion.Web at {addresses.Web} with the settings in {file}"
            : $"AURION is ready after {seconds} s:  {addresses.Web}   (its log: {file})");
        Console.WriteLine($"""
              Demo accounts, password {secrets.DemoPassword}:
            {string.Join('\n', DemoAccounts.Told.Select(account => $"    {account.Email,-28} {account.What}"))}
              Mailbox  {addresses.Mail}    Stripe  {addresses.Stripe}
              Also     Clerk {addresses.Clerk}  OpenRouter {addresses.OpenRouter}  Freepik {addresses.Freepik}  tools {addresses.Tools}
            Ctrl+C stops everything.
            """);
    }
}
